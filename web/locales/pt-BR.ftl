### As palavras do laboratório. As duas línguas têm as mesmas mensagens com as
### mesmas variáveis: a compilação confere.

## A moldura

title-of = { $what } · laboratório udping
skip = Ir para o diagrama
rooms =
    .aria-label = Salas
room-replay = Reproduzir
room-simulate = Simular
room-learn = Aprender
share = Compartilhar
export = Exportar
export-more =
    .aria-label = O que exportar
export-run = Gravação
export-run-note = Cada decisão, como udping simulate --journal a escreve.
export-script = Roteiro
export-script-note = O que houve com cada pacote, como udping simulate --script-out o escreve: udping serve --script faz o mesmo em sockets reais.
language = Idioma
theme = Cores
theme-auto = Cores do sistema
theme-light = Claro
theme-dark = Escuro
help-button =
    .aria-label = Ajuda e teclas
close = Fechar
cancel = Cancelar
setup-panel =
    .aria-label = Configuração
stage-panel =
    .aria-label = A execução
side-panel =
    .aria-label = Sonda escolhida
strip-panel =
    .aria-label = Tempo

## Simular: o formulário

setup = Configuração
presets =
    .aria-label = Redes prontas
preset-campus-lan = Rede do campus
preset-home-wifi = Wi-Fi de casa
preset-satellite = Satélite
preset-textbook = Livro-texto, 30 % de perda
preset-always-late = Sempre 1,3 s de atraso
field-count = Sondas
field-timeout = Timeout
field-schedule = Envio
schedule-stop-and-wait = Uma de cada vez
schedule-paced = Em intervalos fixos
schedule-window = Várias em trânsito
schedule-on-demand = Sob demanda
field-gap = Pausa entre sondas
field-interval = Intervalo
field-window = Sondas em trânsito
way-request = Na ida
way-reply = Na volta
field-loss = Perda
field-loss-in-burst = Perda na rajada
field-delay = Atraso
field-jitter = Jitter
more-way = Mais
field-shape = Forma do jitter
shape-uniform = Uniforme, ± em torno do atraso
shape-normal = Normal: curva de sino (σ)
shape-exponential = Fila: exponencial (média)
shape-log-normal = Cauda longa: log-normal (σ)
field-mean = Média da cauda
field-loss-kind = As perdas vêm
loss-independent = uma a uma
loss-bursty = em rajadas
field-enter = Começa uma rajada
field-leave = Termina uma rajada
field-good = Perda fora das rajadas
field-duplicate = Duplicados
field-reorder = Retidos
field-hold = Retidos por
field-corrupt = Corrompidos
more-session = Mais
field-late-window = Reconhecer respostas tardias por
late-window-box =
    .placeholder = timeout
field-wire = Formato
field-size = Preencher até
field-service = Tempo do servidor
field-seed = Semente
new-seed = Nova
seed-note = A mesma semente dá a mesma execução, aqui e no udping simulate.
simulate-command = A mesma execução num terminal
simulate-command-note = As opções não dizem tudo desta execução: exporte a gravação, que o udping replay lê.
copy-command = Copiar
wrong-number = { $field }: “{ $value }” não é um número de { $least } a { $most }.
wrong-scenario = Não dá para simular esta configuração: { $what }.

## Reproduzir: a gravação

journal = Gravação
replay-intro = Uma gravação é o registro de uma execução real. O udping grava uma para você abrir aqui:
sample = Abrir uma gravação de exemplo
drop-here = Solte uma gravação aqui: o arquivo que udping --journal grava.
drop-now = Solte para abrir a gravação
pick-file = Escolher arquivo
file-input =
    .aria-label = Arquivo da gravação
replay-simulated = Usar a execução simulada
open-simulated = Abrir em Simular
record-again = O comando que a gravaria de novo
stays-here = A leitura acontece aqui, nesta página. Nada é enviado a lugar nenhum.
loading = Lendo a gravação
loading-progress = { $megabytes } MB · { $probes ->
    [one] { $probes } sonda
   *[other] { $probes } sondas
}
simulating = Simulando
exporting = Escrevendo a gravação
simulating-progress = { $probes } de { $all } sondas
simulating-failed = A simulação foi interrompida: { $what }
loaded = { $name } aberto: { $probes ->
    [0] nenhuma sonda
    [one] { $probes } sonda
   *[other] { $probes } sondas
}.
cancelled = Cancelado. O que estava aberto continua aberto.
load-failed = Não foi possível abrir { $name }.
load-failed-line = Não foi possível abrir { $name }: linha { $line }.
load-failed-column = Não foi possível abrir { $name }: linha { $line }, coluna { $column }.
live-name = a execução em curso
live-connecting = Conectando
live-catching-up = Lendo o que já existe
live-read = { $megabytes } MB
live-on = Ao vivo
live-rate = { $rate }/s · o mais novo há { $age } s
live-follow = Acompanhar (End)
live-lost = Conexão perdida; nova tentativa em curso
live-failed = Não é mais acompanhada:
live-verified = Terminada · verificada
live-differs = Terminada · difere
live-ended = Terminada
live-so-far = Até agora: { $decisions ->
    [one] { $decisions } decisão tomada de novo, com o mesmo resultado
   *[other] { $decisions } decisões tomadas de novo, com os mesmos resultados
}
live-so-far-note = A execução ainda está sendo medida. O núcleo decide de novo o que chega, à medida que é lido.
log-elsewhere = O link aponta para uma gravação em outro site. Esta página só lê o que está no mesmo site que ela.
log-unreachable = Não foi possível buscar a gravação { $name }: { $what }.
facts = Dados
facts-probes = { $probes ->
    [one] { $probes } sonda
   *[other] { $probes } sondas
}
fact-name = Arquivo
fact-target = Alvo
fact-start = Início
fact-schedule = Envio
fact-figures = Números
fact-silence = Maior silêncio
fact-traffic = { $trips } idas e voltas; pacotes: { $out } na ida, { $in } na volta; bytes: { $up } na ida, { $down } na volta
fact-beats = { $sent } enviados, { $refused } recusados, { $missed } envios pulados
fact-served = datagramas: { $received }; respondidos: { $answered }; não respondidos: { $dropped }; perdidos na ida: { $there }, na volta: { $back }
fact-watched = clientes: { $senders }; heartbeats: { $beats }; faltam: { $missing }; considerados parados: { $stopped }
way-udp = UDP
way-tcp-new = TCP, uma conexão nova a cada vez
way-tcp-kept = TCP, uma conexão persistente
fact-timeout = Timeout
fact-probes = Sondas
fact-tool = Gravado por
fact-clock = Relógio
fact-kind-simulation = uma simulação
verified = Verificado: { $decisions ->
    [one] { $decisions } decisão
   *[other] { $decisions } decisões
}, 0 diferenças
verified-so-far = { $seq ->
    [0] Verificado até onde vai; falta o fim
   *[other] Verificado até #{ $seq }; falta o fim
}: { $decisions ->
    [one] { $decisions } decisão
   *[other] { $decisions } decisões
}, 0 diferenças
verified-note = O núcleo acabou de refazer todas as decisões e chegou ao mesmo resultado.
differs = { $differences ->
    [one] { $differences } diferença
   *[other] { $differences } diferenças
} em { $decisions ->
    [one] { $decisions } decisão
   *[other] { $decisions } decisões
}
not-verifiable = Nem tudo pode ser verificado: { $records ->
    [0] falta um registro
    [one] { $records } registro vem depois de uma lacuna
   *[other] { $records } registros vêm depois de uma lacuna
}
differs-note = Nestes pontos o núcleo decide de outro modo. Ou o arquivo foi alterado, ou foi gravado por outra versão do núcleo.
difference = Linha { $line }: a gravação diz “{ $recorded }”, o núcleo decide “{ $decided }”
difference-nothing = nada
difference-more = e mais { $count }
recent = Recentes
recent-note = Guardadas só neste navegador: { $all } de no máximo { $most } MB.
recent-size = { $megabytes } MB
recent-remove = Remover
    .aria-label = Remover { $name } da lista
recent-clear = Limpar tudo
recent-gone = Para abrir espaço, este navegador não guarda mais: { $names }.
recent-too-large = A gravação é grande demais para ser guardada: depois de recarregar, abra o arquivo de novo.
recent-refused = Este navegador não guarda gravações, como em uma janela privada: depois de recarregar, abra o arquivo de novo.
recent-missing = Este navegador não guarda (mais) essa gravação: abra o arquivo de novo.
missing-data = O que esta gravação não diz
missing-nothing = Não falta nada nela.
what-if = E se o timeout tivesse sido …
what-if-handle =
    .aria-label = Timeout a experimentar
what-if-less =
    .aria-label = Timeout menor
what-if-more-time =
    .aria-label = Timeout maior
what-if-legend =
    .aria-label = Áreas da curva
what-if-probes =
    .aria-label = Sondas que mudam
what-if-unasked = Faltam registros nesta gravação: não há como decidir o que outro timeout teria significado.
as-recorded = como gravado
what-if-counts = { $timeout }: { $replied } respondidas, { $lost } perdidas, { $late } delas tardias, { $unknown } desconhecidas.
what-if-recorded = como gravado: { $replied } respondidas, { $lost } perdidas, { $unknown } desconhecidas; { $late ->
    [0] nenhuma das perdidas chegou tarde.
    [one] { $late } das perdidas chegou tarde.
   *[other] { $late } das perdidas chegaram tarde.
}
what-if-saves-all = o menor que salva tudo o que se conhece: { $replied } respondidas, { $lost } perdidas, { $unknown } desconhecidas. A resposta mais lenta levou { $slowest }.
what-if-enough = teria bastado: a resposta mais lenta levou { $slowest }.
what-if-certain = além disto, { $unknown ->
    [one] { $unknown } é desconhecida: ninguém escutou por mais tempo.
   *[other] até { $unknown } são desconhecidas: ninguém escutou por mais tempo.
}
what-if-asked = { $replied } respondidas, { $lost } perdidas, { $late } delas tardias, { $unknown } desconhecidas.
what-if-changes = { $changes ->
    [0] Com { $timeout }, nenhuma resposta conta de outro modo.
    [one] Com { $timeout }, { $changes } muda de { $was } para { $outcome }:
   *[other] Com { $timeout }, { $changes } mudam de { $was } para { $outcome }:
}
what-if-more = e mais { $count }
what-if-show = Mostrar a execução com { $timeout }
what-if-title = E se: timeout { $timeout }
what-if-title-recorded = Como gravado: timeout { $timeout }
what-if-decided = decidido de novo pelo mesmo núcleo: { $changes ->
    [one] { $changes } de { $probes } sondas mudou
   *[other] { $changes } de { $probes } sondas mudaram
}
what-if-deciding = O núcleo decide de novo …
what-if-switch-group =
    .aria-label = Qual execução é mostrada
what-if-switch-recorded = Gravado { $timeout }
what-if-switch = E se { $timeout }
what-if-limits = O que não foi enviado não foi gravado: o intervalo entre envios não pode ser perguntado.
what-if-wrong = Nenhum cliente aceita esse timeout: { $what }.

## A execução

views =
    .aria-label = Visualizações
view-sequence = Sequência
view-events = Eventos
view-probes = Sondas
view-figures = Números
legend =
    .aria-label = Legenda
client = cliente
client-unseen = cliente (não visto)
server = servidor
server-unseen = servidor (não visto)
server-about = servidor (± { $error })

## As duas pontas de um gravação unida

part-there = ida
part-dwell = estada
part-back = volta
part-lost = perda
both-title = Sonda { $seq }
both-title-rtt = Sonda { $seq }: aonde foram seus { $span }
both-when = relógio do cliente
both-took = levou
both-t1 = T1 enviada
both-t2 = T2 no servidor
both-t3 = T3 saiu do servidor
both-t4 = T4 resposta aqui
both-about = { $at } ± { $doubt }
both-why-replied = O servidor a reteve por { $dwell }. Sem esse tempo, o caminho levou { $path }.
both-why-request = Ela não chegou ao servidor: perdeu-se na ida.
both-why-server = Ela chegou ao servidor, que não a respondeu.
both-why-reply = O servidor a respondeu após { $dwell }. A resposta perdeu-se na volta.
both-why-reply-at-once = O servidor a respondeu. A resposta perdeu-se na volta.
both-sure = Quão certos são esses tempos?
both-clock = O relógio do servidor foi posto sobre o do cliente. A troca mais rápida, #{ $seq }, deixa a diferença incerta em ± { $doubt }, metade dos seus { $way } a caminho.
both-clock-here = Todas as trocas juntas, com relógios que derivam, deixam ± { $doubt } em #{ $seq }: as faixas hachuradas.
both-clock-free = Estada e RTT não dependem disso.
both-clock-unknown = Nenhuma resposta veio, então nada diz onde está o relógio do servidor: seus tempos não são desenhados.
both-whole = Execução toda
both-median = mediana
both-largest = maior
both-lost = perdidas
both-lost-somewhere = { $count } perdidas não se sabe onde: a gravação do servidor tem lacunas.
both-legend-doubt = incerteza do relógio
both-legend-dwell = estada no servidor

empty-simulate = Nada aconteceu ainda. Inicie a execução ou avance um evento.
ladder-name = Diagrama de sequência no instante { $at }: { $sent ->
    [one] { $sent } sonda enviada
   *[other] { $sent } sondas enviadas
}, { $replied } respondidas, { $lost } perdidas, { $flight } em trânsito. A tabela de eventos diz o mesmo em palavras.
left-out = { $count ->
    [one] { $count } pacote está
   *[other] { $count } pacotes estão
} perto demais para desenhar; amplie para ver.
label-beat = beat { $seq }
beat-title = Heartbeat { $seq }
label-missing-one = falta: { $seq }
label-missing = faltam: { $from } a { $to }
label-silent = parou?
label-late = tardia, { $span }
label-spare = sobraram { $span }
label-past = { $span } após o prazo
label-was = era { $outcome }
label-lost-request = perdido na ida
label-lost-reply = perdida na volta
label-never-reached = não chegou a ele
label-not-answered = sem resposta
label-lost = perdida
label-to-go = faltam { $span }
label-waiting = esperando há { $span }
label-duplicate = duplicada
label-ignored = ignorada
label-refused = recusada
label-unsent = não enviada
label-acted-drop = você descartou
label-acted-delay = você atrasou
label-acted-copy = você duplicou
label-acted-corrupt = você corrompeu
pause-timeout = aguardando o timeout de #{ $seq }
pause-due = nada previsto até { $at }
pause-listening = ouvindo respostas tardias
pause-quiet = nada acontece
pause-timeout-brief = timeout de #{ $seq }
pause-due-brief = até { $at }
pause-listening-brief = respostas tardias
now = agora { $at }
timer-deadline = O prazo da sonda { $seq } vence em { $span }
timer-late-window = Respostas tardias à sonda { $seq } reconhecidas por mais { $span }
timer-due = Próxima sonda em { $span }

## Marcas

outcome-in-flight = em trânsito
outcome-replied = respondida
outcome-lost = perdida
outcome-late = tardia
outcome-duplicate = duplicada
outcome-ignored = ignorada
outcome-refused = recusada
outcome-unsent = não enviada
outcome-unknown = desconhecida
differs-symbol = ≠
    .aria-label = diferente

## Eventos

filter-bar =
    .aria-label = Filtro
filter-text = Filtrar sondas e eventos
filter-box =
    .placeholder = tardia ou rtt>30 ou seq:30-40
filter-clear =
    .aria-label = Limpar o filtro
    .title = Limpar o filtro
filter-words =
    .aria-label = O que pode vir a seguir
filter-help-button =
    .aria-label = Pelo que se pode filtrar
    .title = Pelo que se pode filtrar
filter-help =
    .aria-label = Pelo que se pode filtrar
filter-help-title = Filtro
filter-help-rule = Ele encontra sondas, com tudo o que aconteceu a elas. A tabela omite o que não foi encontrado; o diagrama e o gráfico o esmaecem. Clique em um exemplo para experimentar.
filter-help-examples = Exemplos
filter-help-facts = O que houve com a sonda
filter-help-fields = Campos
filter-help-signs = Sinais e valores
filter-help-joining = Termos lado a lado devem valer juntos, como com “e”; “ou” pede um deles; “não”, “!” ou “-” antes de um termo o inverte; parênteses agrupam. As comparações são “:” ou “=”, “!=”, “<”, “<=”, “>” e “>=”.
filter-help-values = Durações aceitam ns, us, ms, s ou min; sem unidade, milissegundos e, em “at” e “sent”, segundos. Um intervalo é “30-40” ou “30..40”, aberto como “30..”. Números podem ser listados: “3,5,9”. Uma só duração encontra o que se arredonda a ela: “rtt:22,5ms”.
filter-example-slow = tardia, ou RTT acima de 30 ms
filter-example-never = nunca respondidas
filter-example-range = sondas de 30 a 40
filter-example-list = estas três
filter-example-minus = todas menos as respondidas
filter-example-order = ultrapassadas, ou respondidas mais de uma vez
filter-example-group = problemas depois de 1,5 s
filter-example-event = só os envios, no primeiro segundo
filter-replied = respondida a tempo
filter-lost = sem resposta até o prazo, inclusive as tardias
filter-late = respondida depois do prazo
filter-duplicate = respondida mais de uma vez
filter-reordered = resposta ultrapassada pela de uma sonda posterior (RFC 4737)
filter-ignored = algo que a citava foi ignorado
filter-refused = a rede disse que ninguém escuta
filter-unsent = não pôde ser enviada
filter-in-flight = sem desfecho quando a execução acabou
filter-differs = o núcleo decide outra coisa
filter-seq = número da sonda; um número sozinho basta
filter-rtt = tempo de ida e volta, também das tardias
filter-sent = quando a sonda foi enviada
filter-at = quando o evento aconteceu
filter-line = a linha da gravação em que o evento está
filter-there = até o servidor, quando ele informa seus tempos
filter-server = dentro do servidor, quando ele informa seus tempos
filter-back = de volta do servidor, quando ele informa seus tempos
filter-event = eventos de um tipo
filter-and = os dois devem valer
filter-or = um deles deve valer
filter-not = não deve valer
filter-number = um número, um intervalo ou uma lista
filter-span = uma duração ou um intervalo
filter-time = um instante ou um intervalo
exports = Exportar
exports-what =
    .aria-label = Exportar o que foi encontrado
export-journal = Gravação, em parte
export-csv = CSV, uma linha por sonda
export-ladder-svg = Diagrama em SVG
export-ladder-png = Diagrama em PNG
export-plot-svg = Gráfico em SVG
export-plot-png = Gráfico em PNG
exports-all = A execução toda: filtre, ou selecione um intervalo no gráfico, para exportar uma parte.
exports-found = { $probes ->
    [one] { $probes } sonda encontrada
   *[other] { $probes } sondas encontradas
} pelo filtro. O que a gravação omite é contado nela como lacunas.
exports-range = De { $from } a { $until }.
exported-file = Exportado como { $name }.
export-failed = Não foi possível exportar: { $what }
filter-searching = Buscando …
filter-probes = { $probes ->
    [one] { $probes } sonda
   *[other] { $probes } sondas
}
filter-probes-of = { $probes } de { $all ->
    [one] { $all } sonda
   *[other] { $all } sondas
}
filter-events = { $events ->
    [one] { $events } evento
   *[other] { $events } eventos
}
filter-events-of = { $events } de { $all ->
    [one] { $all } evento
   *[other] { $all } eventos
}
fact-reordered = reordenada
fact-differs = difere
query-wrong = Coluna { $column }: { $what }
events-grid =
    .aria-label = Eventos. As setas para cima e para baixo escolhem um evento e levam ao instante dele.
probes-grid =
    .aria-label = Sondas. As setas para cima e para baixo escolhem uma e vão ao seu desfecho.
col-seq = Nº
col-sent = Envio
col-outcome = Desfecho
col-rtt = RTT
col-there = Ida
col-server = Servidor
col-back = Volta
col-time = Tempo
col-event = Evento
col-probe = Sonda
col-detail = Detalhe
event-heard = heartbeat
event-received = recebido
event-answered = respondido
event-not-answered = não respondido
event-transmitted = resposta enviada
event-silent = silêncio
event-incident = enquanto isso
event-sent = enviada
event-reflected = no servidor
event-unanswered = descartado pelo servidor
event-dropped = pacote perdido
event-replied = respondida
event-late = resposta tardia
event-duplicate = duplicata
event-ignored = ignorada
event-lost = perdida
event-missed = envio pulado
event-refused = recusada
event-unsent = não enviada
event-kernel-rtt = marca de tempo do kernel
event-intervened = você interveio
event-stopped = interrompida
event-done = terminou
event-gap = faltam registros
detail-rtt = RTT { $span }
detail-unverified = RTT { $span }, não comprovada
detail-late = { $span } depois do envio; continua perdida
detail-duplicate = { $span } depois do envio
detail-deadline = prazo vencido no instante { $at }
detail-due-late = prevista para o instante { $at }
detail-dropped-request = na ida
detail-dropped-reply = na volta
detail-missed = { $slots ->
    [one] { $slots } envio
   *[other] { $slots } envios
}
detail-refused = depois de { $span }
detail-kernel-rtt = { $span } entre as marcas de tempo do kernel
detail-gap = { $dropped ->
    [one] { $dropped } registro
   *[other] { $dropped } registros
}
detail-difference = diferença de tempo { $span }
detail-missed-packet = o pacote já não estava em trânsito
detail-ways = ida { $there }, no servidor { $server }, volta { $back }
detail-ways-about = ida de cerca de { $there }, no servidor { $server }, volta de cerca de { $back }
detail-line = linha { $line }
ignored-too-old = antiga demais
ignored-not-sent = essa sonda não existe
ignored-timestamp-mismatch = traz a marca de tempo de outra sonda
ignored-no-sequence = não traz número
ignored-ambiguous = poderia ser de uma sonda perdida
ignored-nothing-in-flight = nada em trânsito
ignored-already-settled = a sonda já estava concluída
ignored-bad-kernel-rtt = intervalo do kernel implausível
ignored-empty = vazia
ignored-not-text = não é texto
ignored-malformed = malformada
ignored-unauthentic = não autenticada
ignored-foreign = não traz de volta o que a sonda levava
ignored-elsewhere = de outro endereço ou porta que não os do servidor
ignored-no-reason = motivo não registrado
stopped-signal = por um sinal
stopped-deadline = o tempo da execução acabou
stopped-closed-pipe = a saída foi fechada
stopped-failure = a rede falhou
stopped-replies = chegaram respostas suficientes
stopped-excerpt = ela continuou; isto é um trecho

## Números

headline =
    .aria-label = Números no cursor e da execução toda
headline-median = mediana
headline-jitter = jitter
figures-at = em { $at }
figures-whole = execução toda
figure-sent = enviadas
figure-replied = respondidas
figure-lost = perdidas
figure-late = das quais, tardias
figure-in-flight = em trânsito
figure-median = RTT mediano
figure-jitter = jitter (RFC 3550)
histogram = Quantas vezes ocorreu cada RTT
cumulative = Quantos RTTs não passam de um valor
cumulative-name = Curva acumulada de { $replies } RTTs até agora; { $range } no trecho selecionado.
histogram-none = Nenhuma resposta ainda: não há RTTs para mostrar.
histogram-name = Histograma de { $replies ->
    [one] { $replies } RTT
   *[other] { $replies } RTTs
}: mediana { $median }, 95 % até { $p95 }, máximo { $most }.
figure-unverified = das quais, não comprovadas
figure-loss = perda de pacotes
figure-refused = recusadas
figure-unsent = não enviadas
figure-missed = envios pulados
figure-duplicates = duplicatas
figure-ignored = ignoradas
figure-rtt-min = RTT mínimo
figure-rtt-mean = RTT médio
figure-rtt-max = RTT máximo
figure-rtt-deviation = desvio padrão σ
figure-p90 = 90 % até
figure-p95 = 95 % até
figure-p99 = 99 % até
figure-late-range = RTTs tardios
range = { $least } a { $most }
figure-ipdv = diferença entre RTTs consecutivos (|IPDV| médio)
figure-reordered = fora de ordem
figure-runs = maior sequência de perdas
figure-kernel = RTTs pelo relógio do kernel
figure-decided = mediana pelo relógio do programa
figure-host = mediana do que este computador acrescenta
figure-server = tempo do servidor, em média
figure-rtt-net = RTT sem o tempo do servidor, em média
figure-there = ida, em média (relógios sincronizados)
figure-there-unsynchronised = ida, em média (relógios não sincronizados)
figure-back = volta, em média (relógios sincronizados)
figure-back-unsynchronised = volta, em média (relógios não sincronizados)
figure-offset = o relógio do servidor está adiantado em
offset = { $ahead } ± { $error }
figure-lost-there = perdidas na ida
figure-lost-back = perdidas na volta
figure-implausible = com marcas de tempo do servidor impossíveis
figure-part-there = ida, mediana (execução toda)
figure-part-dwell = no servidor, mediana (execução toda)
figure-part-back = volta, mediana (execução toda)
figure-part-doubt = ida e volta são incertas em ±
figure-part-lost-there = perdidas na ida (execução toda)
figure-part-unanswered = não respondidas pelo servidor (execução toda)
figure-part-lost-back = perdidas na volta (execução toda)

## A sonda escolhida

probe-title = Sonda { $seq }
probe-none = Nenhuma sonda ainda
probe-previous = Anterior
    .aria-label = Sonda anterior
probe-next = Próxima
    .aria-label = Próxima sonda
probe-follow = Seguir a mais recente
state-due = A enviar
state-waiting = Aguardando
state-replied = Respondida
state-lost = Perdida
state-late = Tardia
state-refused = Recusada
state-unsent = Não enviada
machine-name = Máquina de estados da sonda { $seq }: { $state }.
jumps =
    .aria-label = Próxima e anterior de um tipo
jump-late-previous =
    .aria-label = Sonda tardia anterior (Shift L)
    .title = Sonda tardia anterior (Shift L)
jump-late-next =
    .aria-label = Próxima sonda tardia (L)
    .title = Próxima sonda tardia (L)
jump-lost-previous =
    .aria-label = Sonda perdida anterior (Shift X)
    .title = Sonda perdida anterior (Shift X)
jump-lost-next =
    .aria-label = Próxima sonda perdida (X)
    .title = Próxima sonda perdida (X)
jump-duplicate-previous =
    .aria-label = Sonda anterior respondida mais de uma vez (Shift U)
    .title = Sonda anterior respondida mais de uma vez (Shift U)
jump-duplicate-next =
    .aria-label = Próxima sonda respondida mais de uma vez (U)
    .title = Próxima sonda respondida mais de uma vez (U)
jump-reordered-previous =
    .aria-label = Sonda reordenada anterior (Shift O)
    .title = Sonda reordenada anterior (Shift O)
jump-reordered-next =
    .aria-label = Próxima sonda reordenada (O)
    .title = Próxima sonda reordenada (O)
jump-none-after = Não há nenhuma depois dela.
jump-none-before = Não há nenhuma antes dela.
moment = Quando
moment-at = Instante
moment-since = desde o envio
moment-sent = T1 enviada
moment-reached = T2 no servidor
moment-answered = T3 saiu do servidor
moment-arrived = T4 resposta chegou
moment-deadline = prazo
moment-again = resposta de novo
moment-refused = recusada
ways = { $there } na ida, { $server } no servidor, { $back } na volta: as duas pontas têm um só relógio, ou dizem que os seus estão sincronizados.
ways-unsynchronised = { $there } na ida e { $back } na volta, cada um ± { $error }: os relógios não estão sincronizados, o do servidor foi posto sobre o do cliente. { $server } no servidor.
ways-unknown = T2, T3: não estão nesta resposta, por isso não se sabe para onde foi o tempo.
ways-impossible = T2, T3: o servidor informou tempos que não podem ser.
ways-kernel = O kernel viu { $span } entre as suas marcas.
ways-about = Ida e volta têm ± { $error }: os relógios não estão sincronizados.
records = Como registrado
records-simulated = Como a sua gravação o diz
records-list =
    .aria-label = Linhas desta sonda
records-copy = Copiar
    .aria-label = Copiar as linhas
probe-link = Copiar link
records-copied = Linhas copiadas.
copy-refused = O navegador não permitiu copiar.
datagrams = Bytes dos pacotes
datagram-request = requisição, { $bytes } bytes
datagram-reply = resposta, { $bytes } bytes
in-flight = Em trânsito
packet = Pacote
arrives = Chega
packets-none = Nenhum pacote está em trânsito agora.
packets-unseen = Uma gravação diz quando as sondas esperam, não onde estão os pacotes.
packet-request = ping { $seq } →
packet-reply = ← resposta { $seq }
packet-request-copy = cópia do ping { $seq } →
packet-reply-copy = ← cópia da resposta { $seq }
packet-wait = resposta { $seq }
packet-in = em { $span }
packet-doomed = será perdido em { $span }
packet-until = prazo em { $span }
act-drop = Descartar
act-delay = Atrasar
act-copy = Duplicar
act-corrupt = Corromper
intervene-on =
    .aria-label = Intervir em { $packet }
acted-drop = { $packet } descartado no instante { $at }
acted-delay = { $packet } atrasado no instante { $at }
acted-copy = { $packet } duplicado no instante { $at }
acted-corrupt = { $packet } corrompido no instante { $at }
act-recorded = Uma sessão gravada não pode ser alterada.
act-not-in-flight = Esse pacote já não está em trânsito.
act-too-many = Não cabe mais na página: { $branches } ramos e { $probes } sondas ao todo. Exclua um ramo primeiro.
menu-close =
    .aria-label = Fechar o menu
branches = Ramos
branch = Ramo
branch-outcome = Respondidas
branch-main = principal
branch-outcome-value = { $replied } de { $sent }
branches-note = Intervir em um pacote cria um ramo, e mudar uma condição também. Nada se perde: o que é excluído, Desfazer traz de volta.
undo =
    .aria-label = Desfazer
    .title = Desfazer (Ctrl+Z)
redo =
    .aria-label = Refazer
    .title = Refazer (Ctrl+Shift+Z)
undo-group =
    .aria-label = Desfazer e refazer
undone = Desfeito.
redone = Refeito.
undo-nothing = Não há nada para desfazer.
redo-nothing = Não há nada para refazer.
branch-rename = Renomear
branch-delete = Excluir
branch-deleted = Excluído: { $name }. Desfazer traz de volta.
branch-name = Nome do ramo
branch-name-note = Sem nome, o ramo se chama como aquilo que o criou.
save = Salvar
changed-count = { $count ->
    [one] { $count } sonda
   *[other] { $count } sondas
    }
changed-delay = { $way }: atraso { $span }
changed-loss = { $way }: perda { $share }
changed-other = outras condições
changed-seed = semente { $seed }
changed-timeout = tempo limite { $span }
changed-way = { $way }: outras condições
compare = Comparar
pick-compared = Comparar com uma gravação…
compare-file =
    .aria-label = Gravação com que comparar
compare-bar =
    .aria-label = Comparação
compare-by-probe = Por sonda
compare-by-time = Por tempo
compare-swap = Trocar
compare-off =
    .aria-label = Encerrar a comparação
compare-words = Em palavras
compare-rows =
    .aria-label = Sonda a sonda
compare-name = { $a } e { $b } sobre { $count } números de sequência: os RTTs de cada uma, o que se perdeu e onde diferem.
compare-alone = { $probes } só em { $run }
compare-ended = terminou em { $at }
compare-of = { $count } de { $all }
compared-with = { $name } está ao lado, sonda a sonda.
branch-client = cliente
branch-server = visto pelo servidor
branch-right = cliente correto
branch-program = o programa avaliado
branch-what-if = e se { $span }
found-fates = { $count }: { $left } em A, { $right } em B
found-late = { $count } delas vieram tarde em { $run }
found-only = { $count } só em { $run }
found-ended = { $run } terminou após { $probes } sondas
found-median-lower = A mediana de B é { $by } menor, { $b } contra { $a }; das { $both } respondidas a tempo em ambas, { $right } foram mais rápidas em B, { $left } em A.
found-median-higher = A mediana de B é { $by } maior, { $b } contra { $a }; das { $both } respondidas a tempo em ambas, { $right } foram mais rápidas em B, { $left } em A.
found-median-same = As duas medianas são { $b }; das { $both } respondidas a tempo em ambas, { $right } foram mais rápidas em B, { $left } em A.
found-same = Igual: { $facts }.
found-other = { $what }: { $left } em A, { $right } em B.
fate-replied = respondida
fate-late = tardia
fate-lost = perdida
fate-refused = recusada
fate-unsent = não enviada
fate-undecided = em aberto
pair-faster = { $run } é { $span } mais rápida
pair-fates = { $left } em A, { $right } em B
pair-only = só em { $run }
differences-title = Em relação a { $branch }
differences-none = Nenhuma sonda muda de resultado.
difference-probe = ping { $seq }: { $left } → { $right }
difference-rtt = { $outcome } após { $span }
difference-absent = não enviada
forked = Novo ramo: { $name }.
measure = Medir
measure-from = Medir a partir daqui
measure-to-here = Escolha outro evento para medir até ele.
measure-off = Limpar
measure-none = Escolha um evento e meça dele até outro.
measured = { $span } de { $from } até { $until }: { $events ->
    [0] nenhum evento
    [one] { $events } evento
   *[other] { $events } eventos
} entre os dois, { $sent } enviadas, { $lost } perdidas.
measure-end = { $what } no instante { $at }

## Tempo

transport =
    .aria-label = Reprodução
first =
    .aria-label = Ir para o início
    .title = Ir para o início
back =
    .aria-label = Voltar um evento
    .title = Voltar um evento
forward =
    .aria-label = Avançar um evento
    .title = Avançar um evento
last =
    .aria-label = Ir para o fim
    .title = Ir para o fim
play = Iniciar
pause = Pausar
speed = Velocidade
speed-times = { $speed } ×
run-group =
    .aria-label = Ir até
run-until = Ir até
until-loss = a próxima perda
until-replied = a próxima resposta
until-late = a próxima resposta tardia
until-duplicate = a próxima duplicata
until-ignored = a próxima resposta ignorada
until-timer = o próximo temporizador
until-seq-value = a sonda número …
until-seq = Número da sonda
run = Ir
until-stop = Parar nesse ponto
    .title = A reprodução também para nesse ponto
run-none = Isso não acontece mais nesta execução.
scrub =
    .aria-label = Instante da execução
scrub-value = { $at }, { $what }
scrub-start = { $at }, nada aconteceu ainda
step-said = { $at }: { $what }
step-probe = sonda { $seq } { $what }
paused-at = Pausado no instante { $at }
reached-end = Fim da execução, { $at }
beats-name = Heartbeats ao longo da execução
rtt-name = Tempos de viagem de ida e volta (RTT) ao longo da execução: { $replied ->
    [one] { $replied } resposta
   *[other] { $replied } respostas
}, { $lost } perdidas, { $late } tardias.
timeout-line = timeout { $span }
timeout-recorded-line = gravado { $span }
rail = fora do prazo
loss-strip = perda
plot-title = Idas e voltas ao longo do tempo
plot-log = Log
    .title = RTTs pelo logaritmo
plot-left =
    .aria-label = Mais cedo
plot-right =
    .aria-label = Mais tarde
plot-keys =
    .aria-label = Amostras. Esquerda e direita vão de uma à outra, Enter escolhe.
plot-hint = Arraste para selecionar um trecho. A roda ou a pinça amplia no ponteiro, Shift e arrastar desloca: W, S, A e D também.
range-group =
    .aria-label = Trecho do tempo
range-from = Trecho desde agora
range-to = Trecho até agora
range-card =
    .aria-label = Trecho selecionado
range-title = { $from } a { $until } ({ $span }): { $sent } enviadas
range-replied = { $replied } respondidas
range-lost = { $lost } perdidas ({ $share }), { $late } tardias, { $duplicates } duplicatas
range-rtts = mediana { $median } · p90 { $p90 } · p99 { $p99 }
range-zoom = Ampliar
range-off = Limpar
hover-title = #{ $seq } { $what } em { $at }
bucket-title = { $from } a { $until }
fact-sent = enviada
fact-sent-after = { $at }, { $late } depois do previsto
fact-t1 = T1 enviada
fact-t2 = T2 no servidor
fact-t3 = T3 saiu do servidor
fact-t4 = T4 resposta aqui
fact-ways = ida, servidor, volta
fact-ways-value = { $there }, { $held }, { $back }
fact-deadline = prazo
fact-deadline-value = { $at }, após { $span }
fact-rtt = RTT
fact-rtt-program = { $span } pelo relógio do programa
fact-rtt-kernel = { $span } pelas marcas do kernel
fact-again = de novo
fact-again-value = após { $span }
fact-size = tamanho
fact-size-value = { $bytes } bytes
fact-bytes = seus bytes
fact-verified = devolvem a marca de tempo da sonda
fact-unverified = não devolvem sua marca de tempo
fact-line = linha do registro
fact-extent = RTTs
zoom-plot =
    .aria-label = Zoom do gráfico
zoom-diagram =
    .aria-label = Zoom do diagrama
zoom-in =
    .aria-label = Ampliar
zoom-out =
    .aria-label = Reduzir
scroll-up =
    .aria-label = Subir
scroll-down =
    .aria-label = Descer
zoom-linear = Tempo linear
zoom-all = Execução toda

## Compartilhar

share-note = Este link guarda todos os ramos, o que você fez com os pacotes, a comparação e este instante. Nada fica guardado em servidor nenhum.
share-too-long = Estes ramos são longos demais para um link. Salve-os em um arquivo: solto nesta página, ele abre o mesmo.
save-state = Salvar em arquivo
share-recorded = Uma sessão gravada não cabe em um link: compartilhe a própria gravação, ou coloque-a na mesma pasta desta página e use #log=NOME.
share-link = Link
copy = Copiar
copied = Link copiado.
copied-command = Comando copiado.
copy-failed = O navegador não permitiu copiar. O link está selecionado: use Ctrl+C.
exported = Gravação exportada como { $name }.
link-too-long = O link é longo demais: esta página não faz links assim.
link-newer = O link foi feito por uma versão mais nova desta página ({ $version }).
link-older = O link é anterior à primeira versão: esta página não o lê mais.
link-damaged = O link foi cortado ou alterado no caminho: { $what }.

## Ajuda

help-title = Ajuda e teclas
help-intro = Escolha uma rede e inicie, ou abra uma gravação. Cada pacote em trânsito pode ser descartado, atrasado, duplicado ou corrompido: isso cria um ramo. A tabela de eventos tem tudo o que as figuras mostram.
command-palette = Abrir os comandos
command-help = Ajuda e teclas
command-undo = Desfazer
command-redo = Refazer
command-play = Iniciar ou pausar
command-back = Um evento para trás
command-forward = Um evento para a frente
command-first = Ir para o início
command-last = Ir para o fim
command-slower = Mais devagar
command-faster = Mais depressa
command-run = Ir até o ponto escolhido
command-until-stop = Parar no ponto escolhido, ou não
command-next-probe = Próxima sonda
command-previous-probe = Sonda anterior
command-next-late = Próxima sonda tardia
command-previous-late = Sonda tardia anterior
command-next-lost = Próxima sonda perdida
command-previous-lost = Sonda perdida anterior
command-next-duplicate = Próxima duplicata
command-previous-duplicate = Duplicata anterior
command-next-reordered = Próxima sonda reordenada
command-previous-reordered = Sonda reordenada anterior
command-follow = Seguir a sonda mais recente
command-plot-in = Ampliar no tempo
command-plot-out = Reduzir no tempo
command-plot-left = Mais cedo
command-plot-right = Mais tarde
command-plot-log = RTTs lineares ou pelo logaritmo
command-all = Mostrar a execução toda
command-range-from = Trecho desde agora
command-range-to = Trecho até agora
command-range-zoom = Ampliar o trecho
command-range-off = Limpar o trecho
command-note = Fixar uma nota
command-diagram-in = Ampliar o diagrama
command-diagram-out = Reduzir o diagrama
command-diagram-up = Subir no diagrama
command-diagram-down = Descer no diagrama
command-linear = Tempo do diagrama linear ou comprimido
command-sequence = Sequência
command-events = Eventos
command-probes = Sondas
command-figures = Números
command-search = Filtrar as sondas
command-measure = Medir a partir daqui
command-drop = Descartar o primeiro pacote em trânsito
command-delay = Atrasar o primeiro pacote em trânsito
command-copy = Duplicar o primeiro pacote em trânsito
command-corrupt = Corromper o primeiro pacote em trânsito
command-new-seed = Outra semente
command-export = Exportar a gravação
command-recorded = Mostrar a execução como gravada
command-what-if = Mostrar a execução com o timeout perguntado
command-share = Compartilhar um link
command-replay = Ir para Reproduzir
command-simulate = Ir para Simular
command-learn = Ir para Aprender
command-light = Cores claras
command-dark = Cores escuras
command-english = English
command-portuguese = Português
palette =
    .aria-label = Comandos
palette-input =
    .aria-label = Procurar um comando
    .placeholder = Procurar um comando
palette-open = Comandos
note-button = Nota
note-text = O que a nota diz
note-save = Fixar
note-edit = Editar
note-delete = Excluir
note-at = em { $at }
note-at-probe = #{ $seq } em { $at }
note-about = Sobre a sonda { $seq }
single-keys = Atalhos de uma só tecla ativados
help-symbols = Símbolos

## O que o núcleo se recusa a executar

refused-way = { $way }: { $what }
refused-timeout = o timeout é zero, então nenhuma resposta valeria
refused-interval = o intervalo é zero
refused-window = a janela é zero, então nenhuma sonda poderia sair
refused-too-long = uma duração passa de 73 anos
refused-match-any = respostas sem número só podem ser aceitas com uma sonda de cada vez
refused-table = { $needed } sondas podem estar aguardando resposta ao mesmo tempo, e há lugar para { $supplied }; use um intervalo maior, ou um timeout ou uma janela de tardias menor
refused-table-size = a tabela, de { $entries } entradas, é maior que as { $most } possíveis
refused-kind = a gravação é de outro tipo
refused-wire = o formato dela não pode ser simulado aqui
refused-not-simulated = esta gravação é de uma execução real, então não há o que simular
refused-span = { $field } é { $given }: tem de ser de 0 a { $most }
refused-bursts = as taxas com que rajadas começam e terminam têm de somar no mínimo { $least } e no máximo { $most }

## O que falta a uma gravação (é o motor que diz)

missing-other-sessions = { $sessions ->
    [one] Outra sessão, a partir da linha { $line }. Esta página mostra a primeira das duas; `udping replay` verifica ambas.
   *[other] Outras { $sessions } sessões, a partir da linha { $line }. Esta página mostra a primeira; `udping replay` verifica todas.
}
missing-parts = O que está nos arquivos anteriores: esta é a parte { $part } de uma gravação que foi dividida, então os seus registros não podem ser verificados.
missing-next-part = O que vem depois: a gravação foi dividida e continua em outro arquivo.
missing-cut = A última linha, { $line }, está cortada: o programa que gravava foi interrompido no meio. Tudo o que vem antes está aqui.
missing-line = A linha { $line } não é um registro e ficou de fora: o que vem depois não pode ser verificado.
missing-gap = { $records ->
    [one] { $records } registro foi descartado
   *[other] { $records } registros foram descartados
} na linha { $line }. O que vem depois não pode ser verificado.
missing-end = O fim da sessão. A gravação termina com ela ainda em andamento.
missing-summary = Os números finais.
missing-unknown-records = { $records ->
    [one] { $records } registro é
   *[other] { $records } registros são
} de um tipo que esta página não conhece, o primeiro na linha { $line }. Foram ignorados.
missing-unknown-keys = { $keys ->
    [one] { $keys } campo é desconhecido
   *[other] { $keys } campos são desconhecidos
} para esta página, o primeiro na linha { $line }. Foram ignorados.
missing-kernel-timestamps = Marcas de tempo do kernel. Os RTTs incluem o tempo que o programa levou para perceber a chegada.
missing-target = O alvo: omitido a pedido.
missing-server-times = Tempos do servidor. Não se sabe onde um pacote se perdeu nem como o RTT se divide entre ida e volta.

## Por que uma gravação não pode ser aberta (é o motor que diz)

load-empty = Está vazio.
load-is-capture = É uma captura de pacotes: abra com o Wireshark ou o tcpdump.
load-is-gzip = Está compactado com gzip: descompacte primeiro.
load-is-html = É uma página da web: salve a própria gravação.
load-is-irtt = É o resultado do irtt, e não uma gravação do udping.
load-is-packed = Está compactado com xz ou bzip2: descompacte primeiro.
load-is-qlog = É um qlog, o registro de uma conexão QUIC: abra com o qvis.
load-is-utf16 = É texto em UTF-16: `udping replay` lê, e esta página também, se for salvo como UTF-8.
load-is-zip = É um arquivo ZIP: descompacte primeiro.
load-is-zstd = Está compactado com zstd: `udping replay` lê, e esta página também, depois de descompactado.
load-not-a-journal = Não é uma gravação do udping: a primeira linha não é um cabeçalho.
load-newer-version = É da versão { $version } do formato, e esta página lê a { $known }. Um udping mais novo consegue ler.
load-older-version = É da versão { $version } do formato, e esta página lê a { $known }. O udping que a gravou consegue ler; ou meça de novo.
load-bad-header = O cabeçalho está malformado: { $what }
load-bad-config = Nenhum cliente poderia ter executado isto: { $what }
load-malformed = Isso não é um registro: { $what }
load-not-utf8 = Isso não é texto (UTF-8).
load-line-too-long = Uma linha tem mais de { $bytes } bytes. Nenhuma gravação tem linhas assim.
load-too-many = Tem mais de { $events } eventos, mais do que cabe em uma página.

## O que uma busca quer dizer (é o motor que diz)

query-unknown-word = palavra desconhecida aqui
query-unknown-field = campo desconhecido
query-bad-number = precisa de um número, como em seq:5 ou seq:5-9
query-bad-span = precisa de uma duração, como em rtt>200ms ou rtt:10-20ms
query-bad-time = precisa de um instante, como em at<2s ou sent:1-2s
query-needs-value = falta um valor
query-needs-term = falta um termo
query-unclosed = não é fechado
query-unopened = não fecha nada
query-too-deep = tem níveis demais

## Por que algo aconteceu (é o motor que diz)

why-due-open = A sonda { $seq } ainda não foi enviada. Antes, algo precisa acontecer.
why-due = A sonda { $seq } sai no instante { $due }.
why-sent-first = A sonda { $seq } foi enviada no instante { $at }: a primeira sai de imediato.
why-sent-next = A sonda { $seq } foi enviada no instante { $at }, assim que a anterior foi concluída.
why-sent-gap = A sonda { $seq } foi enviada no instante { $at }, { $gap } depois que a anterior foi concluída.
why-sent-paced = A sonda { $seq } foi enviada no instante { $at }: há um envio a cada { $interval }, aconteça o que acontecer.
why-sent-window = A sonda { $seq } foi enviada no instante { $at }: um dos { $size } lugares em trânsito estava livre.
why-sent-asked = A sonda { $seq } foi enviada no instante { $at }, a pedido.
why-heartbeat = Ninguém responde a um heartbeat: só o outro lado sabe se ele chegou.
why-waiting = Enviada no instante { $sent }. Ainda sem resposta: o prazo vence no instante { $deadline }, e nenhuma outra chegada o muda.
why-replied = A resposta chegou depois de { $rtt }, { $left } antes do fim do prazo, e trouxe de volta a marca de tempo da própria sonda.
why-replied-altered = A resposta chegou depois de { $rtt }, { $left } antes do fim do prazo. Começa como a requisição, mas o preenchimento é outro.
why-replied-truncated = A resposta chegou depois de { $rtt }, { $left } antes do fim do prazo, mas é mais curta que a requisição: algo a cortou.
why-replied-unverified = Uma resposta com este número chegou depois de { $rtt }, { $left } antes do fim do prazo. Não trouxe a marca de tempo da sonda, então nada prova que responde a ela.
why-lost = Nenhuma resposta chegou em { $timeout }: perdida ao fim do prazo, no instante { $deadline }.
why-late-window = Perdida: nenhuma resposta chegou em { $timeout }. Se uma chegar até o instante { $horizon }, ainda é reconhecida como tardia.
why-late = A resposta chegou depois de { $rtt }, { $over } depois do fim do prazo. A sonda continua perdida; só se anota o RTT real.
why-refused = Depois de { $after }, a rede avisou que ninguém está escutando lá.
why-unsent = Não pôde ser enviada, e o que não foi enviado não se perde.
why-duplicate = Mais uma cópia de uma resposta que já tinha chegado, { $rtt } depois da sonda. Não muda nada.
why-heard-first = O heartbeat { $seq } é o primeiro deste cliente; não há como saber o que veio antes.
why-heard-next = O heartbeat { $seq } era o próximo esperado.
why-heard-gap = Chegou o heartbeat { $seq }; até agora faltam os de { $from } em diante, que deviam ter chegado antes dele.
why-heard-late = O heartbeat { $seq } chegou depois de outros que o ultrapassaram.
why-heard-duplicate = O heartbeat { $seq } já tinha chegado.
why-heard-restart = O cliente recomeçou a numeração, a partir de { $seq }.
why-heard-too-old = O heartbeat { $seq } é antigo demais para saber se já tinha chegado.
why-heard-no-room = O heartbeat { $seq } não é acompanhado: já havia clientes demais.
why-received = Um datagrama chegou ao servidor.
why-answered = As regras do servidor permitem respondê-lo.
why-transmitted = A resposta foi entregue ao sistema.
why-not-answered-source-address = A origem não pode ser o endereço de um host.
why-not-answered-not-allowed = A origem não está em uma rede permitida.
why-not-answered-system-port = A porta de origem é 0 ou uma porta do sistema.
why-not-answered-own-port = A porta de origem é a nossa.
why-not-answered-reflector-port = A porta de origem é a de um refletor.
why-not-answered-rate-limit = A origem passou do limite de requisições.
why-not-answered-total-limit = As origens, juntas, passaram do limite.
why-not-answered-echo-loop = A nossa própria resposta fica voltando.
why-not-answered-malformed = Não é uma requisição deste formato.
why-not-answered-unauthentic = Não está autenticada com a nossa chave.
why-not-answered-reply-shaped = Tem a forma de uma resposta.
why-not-answered-session-limit = Há sessões demais.
why-silent-beats = Nenhum heartbeat novo há três vezes o intervalo dele: o cliente parou, ou nada chega. Daqui, as duas coisas parecem iguais.
why-silent = Nenhum heartbeat novo há { $silence }: o cliente parou, ou nada chega. Daqui, as duas coisas parecem iguais.
why-incident-stopped = O udping ficou parado por { $span }: o que chegou nesse meio-tempo foi lido tarde.
why-incident-stalled = A máquina não deixou o udping rodar por { $span }: o que chegou nesse meio-tempo foi lido tarde.
why-incident-slept = A máquina ficou suspensa por { $span }; esse tempo não entra nos RTTs nem nos prazos.
why-incident-clock-ahead = O relógio do sistema foi adiantado em { $span }; os RTTs não dependem dele.
why-incident-clock-back = O relógio do sistema foi atrasado em { $span }; os RTTs não dependem dele.
why-incident-moved-target = O nome do servidor agora tem outro endereço, { $address }: daqui em diante, as sondas vão para lá.
why-incident-next-address = O endereço { $old } do servidor não pode ser usado ({ $error }): as sondas vão para { $address }.
why-incident-moved = Daqui em diante, o caminho até o servidor parte de { $address }.
why-incident-network-down = Daqui em diante, a rede ficou fora do ar: { $error }.
why-incident-network-up = A rede voltou depois de { $span }.
why-incident-waited = Antes da sessão, o udping esperou { $span } pela primeira resposta do host.
why-incident-otherwise = Aconteceu algo com esta execução.
why-ignored = Não mudou nada; a gravação não diz por quê.
why-ignored-too-old = Veio depois do timeout e da janela de tardias: nada mais espera pela sonda { $seq }.
why-ignored-not-sent = Cita uma sonda que nunca foi enviada.
why-ignored-timestamp-mismatch = Diz { $seq }, mas traz a marca de tempo de outra sonda.
why-ignored-no-sequence = Não traz número de sequência.
why-ignored-ambiguous = Não traz número, e uma sonda perdida ainda poderia ser a que ela responde.
why-ignored-nothing-in-flight = Não traz número, e nenhuma sonda está em trânsito.
why-ignored-already-settled = A sonda { $seq } já estava concluída.
why-ignored-bad-kernel-rtt = O intervalo do kernel é maior que o próprio RTT: não é plausível.
why-ignored-empty = Um datagrama vazio.
why-ignored-not-text = Um datagrama que não é texto.
why-ignored-malformed = Um datagrama que não é pacote deste formato: curto demais, ou com um campo impossível.
why-ignored-unauthentic = Não está autenticada com a chave da sessão.
why-ignored-elsewhere = Veio de outro endereço ou de outra porta que não os do servidor.
why-ignored-foreign = Não traz de volta o que a sonda levava.
why-missed = { $slots ->
    [one] { $slots } envio pulado
   *[other] { $slots } envios pulados
} antes que uma sonda pudesse sair.
why-reflected = O ping { $seq } chegou ao servidor, que respondeu de imediato.
why-unanswered = O ping { $seq } chegou ao servidor, que o descartou. Para evitar loops, o servidor responde no máximo dez vezes por segundo ao que ele mesmo acaba de enviar, e a cópia de um ping que ele ecoou parece ser isso.
why-dropped-request = A rede perdeu o ping { $seq } no caminho. Nem cliente nem servidor sabem disso.
why-dropped-reply = A rede perdeu a resposta à sonda { $seq } na volta. Para o cliente, é igual a um ping perdido.
why-kernel-rtt = O kernel viu { $kernel } entre o ping e a resposta. Isso refina o RTT e não decide nada.
why-intervened-drop = Você descartou um pacote da sonda { $seq }.
why-intervened-delay = Você atrasou um pacote da sonda { $seq } em { $by }.
why-intervened-duplicate = Você fez uma cópia de um pacote da sonda { $seq }, { $after } depois dele.
why-intervened-corrupt = Você trocou um bit de um pacote da sonda { $seq }.
why-intervened-nothing = Você interveio em um pacote da sonda { $seq } que já não estava em trânsito.
why-gap = { $records ->
    [one] Falta { $records } registro
   *[other] Faltam { $records } registros
} da gravação aqui.
why-stopped-signal = Alguém encerrou a sessão.
why-stopped-deadline = Acabou o tempo dado a toda a execução.
why-stopped-closed-pipe = Quem lia a saída parou de ler.
why-stopped-failure = A rede falhou de vez.
why-stopped-replies = Chegaram tantas respostas quantas foram pedidas.
why-stopped-excerpt = A sessão continuou: esta gravação só tem alguns minutos dela.
why-done = Todas as sondas estão concluídas, e nada mais espera respostas tardias.

## A sala Aprender

lessons-panel =
    .aria-label = Aprender
lessons-nowhere = O link não leva a nenhuma lição: { $place }.
