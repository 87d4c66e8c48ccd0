### O que o comando diz. As duas línguas têm as mesmas mensagens com as mesmas
### variáveis, e o comando diz todas elas: a compilação confere.
###
### Notação fica como está: seq=, ttl=, DUP!, rtt min/avg/max/mdev, percentis, unidades. Nas
### linhas que são do ping (tempo=, pacotes transmitidos, rtt min/avg/max/mdev), também o
### ponto decimal; em tudo o mais, vírgula.

## O processo

no-random = o sistema não fornece números aleatórios: { $error }
no-signals = não foi possível capturar os sinais
no-socket = não foi possível abrir um socket UDP
stdout-failed = não foi possível escrever na saída padrão

## O que os argumentos podem ser

arg-file-size = um tamanho em bytes a partir de 4096, ou como 10M ou 1G
arg-threads = de 1 a 256 threads
arg-pair = informe um valor, para a volta, ou dois, como IDA,VOLTA
arg-duration = escreva a duração como 1s, 200ms, 50us, 1m30s, ou em segundos, como 0,5
arg-unit = `{ $unit }` não é uma unidade de tempo; use d, h, m, s, ms, us ou ns
arg-too-long = passa de 104 dias, o máximo que cabe em uma gravação
arg-zero = precisa ser maior que zero
arg-one-dash = { $given } é lido como opções de uma letra: escreva -{ $given }
arg-others-flag = { $given } é uma opção de { $commands }
arg-did-you-mean = você quis dizer `udping { $name }`?
arg-nothing = informe o host a sondar, ou comece por `udping demo`, que não precisa de mais nada; `udping -h` lista as opções
man-no-command = não há página para `{ $name }`: informe um comando do udping, ou nenhum
man-not-written = não foi possível gravar a página { $path }
man-name = NOME
man-synopsis = SINOPSE
man-description = DESCRIÇÃO
man-options = OPÇÕES
man-commands = COMANDOS
man-examples = EXEMPLOS
man-notes = NOTAS
man-see-also = VEJA TAMBÉM
usage = Uso:
usage-options = [OPÇÕES]
arg-second = precisa ser de um segundo ou mais
usage-command = <COMANDO>
arg-whole = { $what } é um número inteiro de { $least } a { $most }
arg-count = a quantidade
arg-window = a janela
arg-hops = o número de saltos
arg-size = um tamanho em bytes
arg-too-large = { $number } é grande demais
arg-bind = escreva como 127.0.0.1:12000, [::1]:12000, 0.0.0.0:12000 ou :12000
arg-address = isso não é um endereço; com porta, um endereço IPv6 se escreve [::1]:12000
arg-zone = a zona vem depois de um endereço IPv6, como em fe80::1%eth0 ou fe80::1%3
arg-open-bracket = o colchete não foi fechado; escreva [::1]:12000
arg-after-bracket = depois do colchete só pode vir :PORTA
arg-no-host = falta o host; escreva HOST ou HOST:PORTA
arg-port = a porta é um número de 1 a 65535
arg-one-host = { $flag } é só para um host
arg-port-apart = a porta vem depois do host, com dois-pontos: escreva HOST:{ $port } em vez de HOST { $port }
arg-command-behind = `{ $name }` é um comando, e suas opções vêm depois dele: udping { $name } OPÇÕES; para sondar um host com esse nome, informe a porta, { $name }:PORTA
arg-bare-bind = o endereço onde escutar vem depois de uma opção: udping serve --bind { $given }
arg-rate-limit = escreva quantas requisições por segundo, a partir de 1, como 1000 ou 1000/s, ou `off`
arg-tos = o byte TOS é um número de 0 a 255, ou de 0x00 a 0xff, ou o nome de um DSCP, como ef ou af41
arg-pattern = escreva o padrão com 1 a 32 dígitos hexadecimais, como ff ou 00ff
arg-mark = a marca é um número de 0 a 4294967295, ou de 0x0 a 0xffffffff
arg-flow-label = escreva o rótulo de fluxo em hexadecimal, de 0 a fffff
arg-send-buffer = o tamanho do buffer de envio
arg-fail = escreva uma condição como loss>5% ou p95>200ms: um número da execução, um de > >= < <= e um valor; os números são { $names }
arg-fail-name = `{ $name }` não é um número de uma execução; os números são { $names }
arg-fail-loss = compare { $name } com uma taxa, como 5%
arg-fail-time = compare { $name } com um tempo e a unidade dele, como 200ms
arg-fail-count = compare { $name } com um número inteiro
arg-source = informe um endereço ou uma interface
no-such-request-impairments = as degradações pedidas para a ida não são possíveis
no-such-reply-impairments = as degradações pedidas para a volta não são possíveis
needs-textbook = { $flag } é do formato textbook
wire-file-unreadable = não é possível ler o formato em { $name }
wire-file-wrong = { $name } não descreve um formato: é TOML com request = "…", expect = ["…"] e answer = "…"
nothing-padded = não há preenchimento para -p: escolha um -s maior
no-name-to-resolve = --resolve-again precisa de um nome, e { $host } é um endereço
no-effect = { $flag } não tem efeito com { $with }
no-effect-seed = --seed não tem efeito sem --loss, --jitter, --duplicate ou --reorder
no-effect-outstanding = -O não tem efeito sem -i ou -l: cada sonda espera a anterior
needs-stamp = as opções do STAMP precisam de --wire stamp
no-kernel-timestamps = o kernel deste sistema não fornece marcas de tempo dos datagramas; use --timestamps app
key-unreadable = não foi possível ler a chave em { $place }: gere uma com `openssl rand -hex 32 > ARQUIVO`
key-too-long = { $place } não é uma chave: tem mais de { $most } bytes
key-in-environment = a variável de ambiente { $variable }
key-unusable = { $place } não contém uma chave utilizável: gere uma com `openssl rand -hex 32`

## Endereços e sockets

no-address-for = não foi possível encontrar o host `{ $host }`: confira a grafia ou informe o endereço
no-ipv4 = `{ $host }` não tem endereço IPv4; tire o -4
no-ipv6 = `{ $host }` não tem endereço IPv6; tire o -6
no-address = `{ $host }` não tem endereço
resolve-stopped = interrompido antes de `{ $host }` ter um endereço
resolve-timed-out = `{ $host }` não tem endereço após { $within }: os servidores de nomes não respondem
no-resolver-thread = não foi possível iniciar a thread que consulta nomes
socket-refuses = { $flag }: o sistema não aceita
mark-not-permitted = -m { $mark }: definir a marca exige a capability CAP_NET_RAW ou CAP_NET_ADMIN, que o root tem
flow-label-family = -F é para IPv6, e { $server } não é um endereço IPv6
no-mtu-choice = -M: este sistema não tem essa opção
source-family = -I { $address } e { $server } são de famílias diferentes: escolha com -4 ou -6
no-interface = -I { $name }: essa interface não existe, ou não pode ser usada
this-host = { $host }, que significa esta máquina
zone-missing = { $address } é um endereço local do enlace: escreva qual enlace, como { $address }%INTERFACE{ $interfaces }
zone-unknown = %{ $zone }: essa interface não existe{ $interfaces }
interfaces = ; existem: { $names }
no-name = `{ $host }` não pode ser um nome: confira a grafia
source-privileged = não é possível enviar da porta { $port }, que este usuário não pode usar: escolha uma a partir de 1024, ou nenhuma
source-taken = não foi possível enviar a partir de { $address }: outro programa já usa essa porta; escolha outra, ou nenhuma
no-source = não foi possível enviar a partir de { $address }: informe em -I um endereço desta máquina
no-ancillary = não foi possível obter do sistema os detalhes dos datagramas

## Ping

ping-no-host = falta o host
ping-not-measurable = isso não pode ser medido
ping-unreachable = não foi possível alcançar { $server }: { $advice }
ping-not-sent = nenhuma sonda pôde ser enviada a { $server }: { $advice }
ping-not-permitted = o sistema não permite, como acontece com um firewall ou uma rota proibida; tente outro endereço
ping-broadcast = esse é um endereço de broadcast, e o sistema não permite, por padrão, enviar para lá: permita com -b, ou sonde o endereço de um host
one-host-only = esse é um endereço de broadcast, e o sistema não permite enviar para lá: indique o endereço de um host
ping-too-long = o datagrama é longo demais; tente um -s menor
ping-queue-full = a fila de envio deste host está cheia; envie mais devagar, com um -i maior
ping-check = confira a conexão de rede e o endereço
ping-refused-trying = { $server } recusou; tentando { $next }
ping-failed-trying = { $error }; tentando { $next }
ping-waiting = esperando até { $most } que { $server } responda
ping-not-up = nenhuma resposta chegou no tempo de --wait: nada foi medido
ping-heading = PING { $name }({ $server }): { $probes }, { $pace }, timeout de { $timeout }
wires-request = requisição
wires-answer = resposta
wires-expect = espera
wires-stamp = pacotes de 44 bytes ou mais, como diz a RFC 8762
wires-stdin = não é possível ler a entrada padrão
wires-not-hex = isto não são bytes em hexadecimal: escreva dois dígitos para cada um
wires-offset = posição
wires-part = parte
wires-bytes = bytes
wires-read = ele lê todos
wires-fails = ele falha na posição { $offset }, em { $part }: { $why }
wires-fails-at-end = ele falha na posição { $offset }, depois da última parte: { $why }
probes-text = sondas de texto
probes-named = sondas { $name }
probes-described = sondas descritas
probes-sized = sondas de { $bytes } bytes
probes-at-least = sondas de texto de { $least } bytes ou mais
probes-stamp-sized = { $kind } de { $bytes } bytes
probes-stamp = sondas STAMP
probes-stamp-authenticated = sondas STAMP autenticadas
pace-stop-and-wait = uma de cada vez
pace-paced = a cada { $interval }
pace-window = até { $size } em trânsito
pace-on-demand = sob demanda
own-times-only = os tempos são os medidos por este programa
no-timestamps-here = os tempos são os medidos por este programa: aqui o kernel não fornece marcas de tempo
coarse-timers = a precisão dos temporizadores é só a do sistema: { $error }
cannot-receive = não foi possível receber: { $error }
cannot-send = não foi possível enviar seq={ $seq }: { $error }
cannot-send-like = não foi possível enviar seq={ $seq }, nem { $n } antes: { $error }
about = cerca de{" "}
host-dropped = { $about }{ $n ->
    [one] { $n } datagrama chegou mais rápido do que o udping conseguia ler, e este host o descartou: a sondagem que ele respondia conta como perdida, mas não foi a rede que a perdeu
   *[other] { $n } datagramas chegaram mais rápido do que o udping conseguia ler, e este host os descartou: as sondagens que eles respondiam contam como perdidas, mas não foi a rede que as perdeu
}
queue-full = a fila de envio deste host está cheia
outstanding = ainda sem resposta: seq={ $seq }
lost-journal = { $why }; a medição continua sem a gravação
lost-report = { $why }; a medição continua sem o relatório
journal-incomplete = a gravação não está completa: { $why }
report-incomplete = o relatório não está completo: { $why }
stdout-failed-with = não foi possível escrever na saída padrão: { $error }
journal-has-gaps = a gravação tem lacunas: { $n ->
    [one] { $n } registro chegou mais rápido do que dava para gravar
   *[other] { $n } registros chegaram mais rápido do que dava para gravar
}

## O que acontece a uma medição vindo de fora

incident-stopped = o udping ficou parado por { $time } s: o que chegou nesse meio-tempo foi lido tarde e parece mais lento do que foi
incident-stalled = a máquina não deixou o udping rodar por { $time } s: o que chegou nesse meio-tempo foi lido tarde e parece mais lento do que foi
incident-slept = a máquina ficou suspensa por { $time } s; esse tempo não entra nos RTTs nem nos prazos
incident-clock-ahead = o relógio do sistema foi adiantado em { $time } s; os RTTs não dependem dele
incident-clock-back = o relógio do sistema foi atrasado em { $time } s; os RTTs não dependem dele
incident-moved = o caminho até { $server } agora parte de { $address }: a medição continua a partir de lá
incident-moved-target = o endereço do alvo era { $old } e agora é { $address }: as sondas vão para lá
incident-next-address = o endereço { $old } do alvo não pode ser usado ({ $error }): as sondas vão para { $address }
incident-network-down = a rede caiu ({ $error }): a medição continua assim que ela voltar
incident-network-up = a rede voltou após { $time } s
incident-waited = espera por { $server }: { $time } s
incident-otherwise = aconteceu algo com esta medição
meanwhile = enquanto isso: { $what }
meanwhile-stopped = { $n ->
    [one] { $n } parada
   *[other] { $n } paradas
}
meanwhile-stalled = { $n ->
    [one] { $n } travamento
   *[other] { $n } travamentos
}
meanwhile-slept = { $n ->
    [one] { $n } suspensão da máquina
   *[other] { $n } suspensões da máquina
}
meanwhile-clock-set = { $n ->
    [one] { $n } ajuste do relógio
   *[other] { $n } ajustes do relógio
}
meanwhile-moved = { $n ->
    [one] { $n } mudança de endereço
   *[other] { $n } mudanças de endereço
}
meanwhile-moved-target = { $n ->
    [one] { $n } mudança do endereço do alvo
   *[other] { $n } mudanças do endereço do alvo
}
meanwhile-network-down = { $n ->
    [one] { $n } queda da rede
   *[other] { $n } quedas da rede
}
no-monitor = não foi possível monitorar paradas, ajustes do relógio e mudanças de endereço: { $error }
cannot-move = não foi possível continuar a partir do novo endereço: { $error }

## A visualização no terminal

tui-no-terminal = --tui desenha em um terminal, e isto não é um: retire essa opção, ou use um terminal
tui-dumb = --tui desenha no terminal inteiro, e este (TERM=dumb) só imprime linhas: retire essa opção
tui-no-stdout = --tui usa o terminal, então a gravação não pode ir para a saída padrão: indique um arquivo
tui-not-started = não foi possível usar o terminal
tui-gone = o terminal não existe mais
tui-stuck = o terminal não aceita mais nada
tui-broke = a visualização foi interrompida
tui-keys = q sair  ? ajuda  p congelar  + - zoom  l escala log
tui-keys-frozen = q sair  ? ajuda  p continuar  (congelada; a medição não para)
fleet-target = alvo
view-fleet-state = estado
view-fleet-over-time = RTT ao longo do tempo
fleet-waiting = esperando
fleet-up = no ar
fleet-down = queda
fleet-keys = q sair
tui-missed = { $n ->
    [one] {"  "}({ $n } decisão veio rápido demais para ser contada aqui)
   *[other] {"  "}({ $n } decisões vieram rápido demais para serem contadas aqui)
}
tui-help =
    q, Ctrl-C   encerra a medição, com o resumo
    p, espaço   congela a tela ou a deixa continuar; a medição não para
    +, -        aproxima ou afasta o gráfico
    l           uma escala logarítmica dos RTTs, ou linear
    ?, h        abre ou fecha esta ajuda

    O gráfico: cada coluna vai até o seu RTT médio, com um ponto no máximo.
    Abaixo, × são perdas naquele intervalo, ! recusas, - sondas não enviadas.
    As janelas são os últimos 10 s, o último minuto e os últimos 10 min.
tui-graph = RTT em ms, uma coluna para cada { $column }
tui-marks = × perdida  ! recusada  - não enviada
tui-log = escala log
tui-recent = recentes: número, segundo, RTT em ms
tui-histogram = RTT em ms, quantas vezes
tui-window = janela
tui-all = tudo
tui-replied = respondidas
tui-loss = perda
tui-share = { $share }% ({ $time } ms)
tui-share-server = servidor { $share }
tui-share-host = esta máquina { $share }
tui-shares = atraso médio: { $known }, o resto { $share }

## Os arquivos da gravação

journal-exists = { $name } já existe: use --append para gravar depois do que está nele, --overwrite para substituí-lo, ou outro nome
journal-in-use = outro processo está gravando em { $name }: use outro nome
journal-not-created = não foi possível escrever a gravação { $name }: indique com --journal um arquivo em uma pasta onde você possa escrever
journal-not-written = não foi possível escrever a gravação { $name }
journal-not-written-with = não foi possível escrever a gravação { $name }: { $error }
journal-record-not-written = não foi possível escrever um registro da gravação: { $error }
journal-no-thread = não foi possível iniciar a thread da gravação
journal-thread-broke = a thread da gravação foi interrompida
not-taken = o leitor não leu nada em { $patience }
journal-not-taken = ninguém está lendo a gravação { $name }, depois de { $patience } de espera
standard-output = saída padrão

## O relatório: uma linha para cada coisa que acontece

reply-bytes = { $len } bytes de{" "}
reply-from = { $server }: seq={ $seq }{" "}
reply-ttl = ttl={ $ttl }{" "}
reply-time = tempo={ $time } ms
reply-late = tempo={ $time } ms (tardia, { $by } ms depois do prazo: continua perdida)
reply-duplicate = tempo={ $time } ms (DUP!)
reply-elsewhere = { $from }: ignorada, não é { $server }
reply-ignored = { $server }: ignorada, { $why }
reply-unverified = {" "}(não comprovada: não traz de volta a marca de tempo da sonda, então nada prova que responde a esta sonda)
reply-truncated = a resposta a seq={ $seq } está truncada: { $size ->
    [one] { $size } byte
   *[other] { $size } bytes
}, menos que a sua requisição
reply-altered = a resposta a seq={ $seq } está alterada: o preenchimento não é o da requisição
reply-unverified-again = {" "}(não comprovada)
probe-lost = sem resposta de { $server }: seq={ $seq } perdida após { $timeout } ms, aos { $at } s
probe-missed = { $n ->
    [one] { $n } envio pulado
   *[other] { $n } envios pulados
}: a sonda prevista para os { $at } s não pôde sair na hora
probe-unsent = seq={ $seq } não pôde ser enviada
probe-refused = { $server } recusou seq={ $seq } após { $time } ms: ninguém está escutando lá
probe-unreachable = seq={ $seq } não tem como chegar a { $server }: a rede avisou após { $time } ms: { $why }
probe-unreachable-by = seq={ $seq } não tem como chegar a { $server }: { $by } avisou após { $time } ms: { $why }
delivery-port = porta inacessível
delivery-host = host inacessível
delivery-network = rede inacessível
delivery-protocol = protocolo inacessível
delivery-prohibited = proibido administrativamente
delivery-hops = tempo de vida (TTL) esgotado
delivery-length = mensagem longa demais
delivery-length-mtu = mensagem longa demais, mtu={ $mtu }
ignored-too-old = a sonda dela é antiga demais
ignored-not-sent = cita uma sonda que nunca foi enviada
ignored-timestamp = traz a marca de tempo de outra sonda
ignored-no-number = não traz número de sequência (--match any aceita respostas assim)
ignored-ambiguous = não traz número e poderia ser a resposta a uma sonda perdida
ignored-nothing-in-flight = nenhuma sonda está esperando por ela
ignored-settled = a sonda dela já está concluída
ignored-kernel-rtt = o tempo que o kernel mediu para ela não é plausível
ignored-empty = está vazia
ignored-not-text = não é texto
ignored-malformed = não é um pacote deste formato
ignored-unauthentic = não está autenticada com a chave
ignored-elsewhere = veio de outro endereço ou de outra porta que não os do servidor
ignored-foreign = não traz de volta o que a sonda levava

## O relatório: os números

progress = { $replied }/{ $sent } pacotes
progress-loss = , { $loss }% de perda
progress-rtt = , min/avg/median/max = { $figures } ms
interim = aos { $at } s, { $interval }; ao todo { $total }
window-counts = janela de { $span }: { $replied }/{ $whole } pacotes
window-unsent = { $n ->
    [one] , { $n } não enviada
   *[other] , { $n } não enviadas
}
window-rtt = , min/avg/p50/p99/max = { $figures } ms
summary-title = --- estatísticas de ping para { $title } ---
summary-packets = { $sent ->
    [0] 0 pacotes transmitidos
    [one] { $sent } pacote transmitido
   *[other] { $sent } pacotes transmitidos
}, { $replied ->
    [0] 0 recebidos
    [one] { $replied } recebido
   *[other] { $replied } recebidos
}{ $also }{ $loss }, tempo { $time }ms
summary-duplicates = , +{ $n ->
    [one] { $n } duplicata
   *[other] { $n } duplicatas
}
summary-errors = , +{ $n ->
    [one] { $n } erro
   *[other] { $n } erros
}
summary-loss = , { $loss }% de perda de pacotes
fail-met = --fail { $condition }: { $name } é { $value }
fail-undefined = --fail { $condition }: { $name } é indefinido com { $replied ->
    [one] { $replied } resposta
   *[other] { $replied } respostas
} a tempo

## Uma dica no fim de uma execução

hint-nobody = Ninguém está escutando nessa porta: inicie um servidor lá ou confira a porta.
hint-stopped = Havia um servidor, e ele parou durante a execução: veja lá por quê.
hint-stopped-or-lost = Nenhuma sonda antes de seq={ $first } foi recusada: um servidor as recebeu e depois parou, ou elas se perderam e ninguém está escutando lá.
hint-refused-by = As recusas vêm de { $by }, e não de { $server }: procure um firewall ou um roteador no lugar dele.
hint-unnumbered = { $n ->
    [one] { $n } resposta não trouxe
   *[other] { $n } respostas não trouxeram
} número de sequência: --match any aceita respostas assim.
hint-ignored = { $n ->
    [one] { $n } datagrama foi ignorado
   *[other] { $n } datagramas foram ignorados, todos por um só motivo
}: { $why }.
hint-ignored-mostly = { $n } datagramas foram ignorados, { $most } deles por um só motivo: { $why }.
hint-elsewhere = { $n ->
    [one] { $n } datagrama veio
   *[other] { $n } datagramas vieram
} de outro lugar, o último de { $from }: só valem respostas do endereço e da porta sondados.
address-multicast = um grupo multicast
address-broadcast = um endereço de broadcast
hint-shared-answered = { $server } é { $kind }, e { $from } respondeu do próprio endereço, o que não vale: sonde esse endereço.
hint-shared = { $server } é { $kind }: cada host responde do próprio endereço, e só valem respostas de { $server }. Sonde o endereço de um host.
hint-rate-limit = As respostas chegaram a uma taxa constante, cerca de { $n } por segundo, enquanto se enviava mais: parece um limite de taxa, no servidor ou no caminho, e não perda.
hint-untried = { $name } também tem o endereço { $address }, que não foi tentado: sonde esse endereço.
hint-untried-family = { $name } também tem o endereço { $address }, que não foi tentado: { $option } o escolhe.

## O relatório: o que foi feito das sondas, e seus tempos

fate-lost = { $n ->
    [one] { $n } perdida
   *[other] { $n } perdidas
}
fate-late = { $n } delas com resposta tardia
fate-refused = { $n ->
    [one] { $n } recusada
   *[other] { $n } recusadas
}
fate-in-flight = { $n } ainda em trânsito
fate-missed = { $n ->
    [one] { $n } envio pulado
   *[other] { $n } envios pulados
}
fate-unverified = { $n ->
    [one] { $n } não comprovada
   *[other] { $n } não comprovadas
}
fate-truncated = { $n ->
    [one] { $n } truncada
   *[other] { $n } truncadas
}
fate-altered = { $n ->
    [one] { $n } alterada
   *[other] { $n } alteradas
}
fate-ignored = { $n ->
    [one] { $n } ignorada
   *[other] { $n } ignoradas
}
figure-unsent = { $n ->
    [one] { $n } não pôde ser enviada
   *[other] { $n } não puderam ser enviadas
}{ $why }
figure-rtt = rtt min/avg/max/mdev = { $figures } ms
figure-percentiles = rtt p50/p90/p95/p99/p99,9 = { $figures } ms
figure-jitter = jitter (RFC 3550) = { $jitter } ms
figure-ipdv = |ipdv| médio = { $ipdv } ms
figure-timer = erro do temporizador p50/p99/max = { $figures } ms
figure-timer-of-sent = erro do temporizador p50/p99/max = { $figures } ms, das sondas enviadas
figure-late = tardias min/avg/max = { $figures } ms, { $late } de { $lost } perdidas
figure-loss-runs = perdas em { $n ->
    [one] { $n } sequência
   *[other] { $n } sequências
}, a maior de { $longest }
figure-refusal-runs = perdas e recusas em { $n ->
    [one] { $n } sequência
   *[other] { $n } sequências
}, a maior de { $longest }
outages = { $n ->
    [one] { $n } interrupção
   *[other] { $n } interrupções
}:
outage = aos { $at } s{ $day }: { $n } sondas sem resposta desde seq={ $first }, { $lasted }
outage-lasted = por { $time } s
outage-to-the-end = até o fim
outages-shorter = e mais { $n }, sem mais sondas do que essas
figure-reordered = { $n ->
    [one] { $n } resposta
   *[other] { $n } respostas
} fora de ordem
figure-kernel = rtt pelo relógio do kernel: { $n }, pelo deste programa: { $own }
figure-discarded = { $n ->
    [one] , { $n } do kernel que não é plausível
   *[other] , { $n } do kernel que não são plausíveis
}
figure-host-added = ; acréscimo desta máquina p50/p99 = { $added } ms
server-time = no servidor min/avg/max = { $server } ms, rtt sem isso { $net } ms
server-lost = { $there ->
    [0] 0 perdidas
    [one] { $there } perdida
   *[other] { $there } perdidas
} na ida, { $back } na volta
server-implausible = { $n ->
    [one] { $n } resposta
   *[other] { $n } respostas
} com marcas de tempo do servidor impossíveis
one-way = em um sentido, { $clocks }: ida min/avg/max = { $there }, volta { $back }
one-way-unknown = em um sentido: desconhecido, pois os relógios diferem{ $varying }
one-way-varying = ; |ipdv| médio: ida { $there } ms, volta { $back } ms
one-way-synchronised = relógios sincronizados
one-way-unsynchronised = relógios não sincronizados
one-way-delay = { $figures } ms
one-way-delay-varying = { $figures } ms (|ipdv| médio { $ipdv })
server-ahead = relógio do servidor { $offset } ms adiantado, com erro de até { $error } ms
server-behind = relógio do servidor { $offset } ms atrasado, com erro de até { $error } ms

## O que uma rede faz com os pacotes

way-nothing = nada
way-lost = { $rate } de perda
way-bursts = perdas em rajadas
way-delay = { $delay } de atraso
way-jitter = ±{ $spread } de jitter
way-jitter-normal = jitter com σ de { $sigma }
way-jitter-mean = { $mean } de jitter em média
way-twice = { $rate } duplicados
way-held = { $rate } retidos por { $extra }
way-damaged = { $rate } corrompidos

## serve

serve-threads-impairments = as degradações dependem da ordem de chegada, que não existe com várias threads: tire o --threads
serve-listening = escutando em { $address }
serve-limit = no máximo { $n ->
    [one] { $n } requisição por segundo de cada origem é respondida
   *[other] { $n } requisições por segundo de cada origem são respondidas
}
serve-limit-leaks = no máximo { $n ->
    [one] { $n } requisição por segundo de cada origem é respondida
   *[other] { $n } requisições por segundo de cada origem são respondidas
}, e das que passam disso, um quarto, ao acaso
serve-impairments = na ida: { $request }; na volta: { $reply }; semente { $seed }
serve-script = com pacotes específicos: o que { $name } manda
serve-script-unreadable = não foi possível ler o roteiro { $name }
serve-script-wrong = não dá para seguir o roteiro { $name }
serve-cannot-split = com --journal-max, os arquivos cheios mudam de nome, e este usuário não pode fazer isso em { $folder }: indique uma pasta em que ele possa escrever, ou outro usuário com --user
serve-script-too-long = a gravação contém o roteiro, de no máximo { $kib } KiB: encurte-o ou tire o --journal
serve-cannot-listen = não foi possível escutar em { $place }: { $advice }
serve-port-taken = outro programa já usa essa porta; escolha outra, ou 0 para qualquer uma livre
serve-port-privileged = portas abaixo de 1024 exigem privilégios; escolha uma mais alta
serve-no-address = esta máquina não tem esse endereço
serve-one-thread = este sistema só permite uma thread; tire o --threads
serve-another-address = escolha outro endereço
serve-no-thread = nenhuma thread para atender
serve-thread-broke = uma thread foi interrompida
serve-too-many-networks = --allow pode aparecer no máximo { $most } vezes: indique redes maiores
serve-no-guard-elsewhere = --no-guard só funciona em loopback e no caminho de `udping path`: fora deles essas verificações protegem os outros
serve-no-ttl = não foi possível obter o TTL das requisições
serve-cannot-receive = não é mais possível receber
serve-log-lost = requisição { $number } de { $peer }: perdida na ida
serve-log-dropped = requisição { $number } de { $peer }: sem resposta, { $why }
serve-log-reply-lost = requisição { $number } de { $peer }: respondida, resposta perdida
serve-log-answered = requisição { $number } de { $peer }: { $bytes } bytes, respondida
serve-dropped = sem resposta para { $from }: { $why } ({ $since ->
    [one] { $since } caso
   *[other] { $since } casos
} desde a última linha)
serve-summary = { $requests ->
    [0] 0 requisições
    [one] { $requests } requisição
   *[other] { $requests } requisições
}, { $replies ->
    [0] 0 respostas
    [one] { $replies } resposta
   *[other] { $replies } respostas
}
serve-lost-here = { $n ->
    [one] { $n } perdida
   *[other] { $n } perdidas
} na ida
serve-lost-back = { $n ->
    [one] { $n } resposta perdida
   *[other] { $n } respostas perdidas
} na volta
serve-overflowed = { $n ->
    [one] { $n } descartada
   *[other] { $n } descartadas
} por haver pacotes demais retidos
serve-rx-dropped = { $about }{ $n ->
    [one] { $n } que este host descartou
   *[other] { $n } que este host descartou
}, com a fila cheia
serve-unsendable = { $n ->
    [one] { $n } resposta que não pôde ser enviada
   *[other] { $n } respostas que não puderam ser enviadas
}
drop-source-address = a origem não pode ser o endereço de um host
drop-not-allowed = a origem não está em uma rede permitida
drop-system-port = a porta de origem é 0 ou uma porta do sistema
drop-own-port = a porta de origem é a nossa
drop-reflector-port = a porta de origem é a de um refletor
drop-rate-limit = a origem passou do limite de requisições
drop-total-limit = as origens, juntas, passaram do limite
drop-echo-loop = a nossa própria resposta fica voltando
drop-malformed = não é uma requisição deste formato
drop-unauthentic = não está autenticada com a nossa chave
drop-reply-shaped = tem a forma de uma resposta
drop-session-limit = há sessões demais
dropped-source-address = { $n ->
    [one] { $n } descartada
   *[other] { $n } descartadas
} porque a origem não pode ser o endereço de um host
dropped-not-allowed = { $n ->
    [one] { $n } descartada
   *[other] { $n } descartadas
} por vir de uma rede não permitida
dropped-system-port = { $n ->
    [one] { $n } descartada
   *[other] { $n } descartadas
} pela porta de origem
dropped-own-port = { $n ->
    [one] { $n } descartada
   *[other] { $n } descartadas
} por vir da nossa própria porta
dropped-reflector-port = { $n ->
    [one] { $n } descartada
   *[other] { $n } descartadas
} por vir da porta de um refletor
dropped-rate-limit = { $n ->
    [one] { $n } descartada
   *[other] { $n } descartadas
} pelo limite de requisições
dropped-total-limit = { $n ->
    [one] { $n } descartada
   *[other] { $n } descartadas
} pelo limite para todas as origens
dropped-echo-loop = { $n ->
    [one] { $n } descartada
   *[other] { $n } descartadas
} por ser resposta nossa que voltou
dropped-malformed = { $n ->
    [one] { $n } descartada
   *[other] { $n } descartadas
} por não ser requisição deste formato
dropped-unauthentic = { $n ->
    [one] { $n } descartada
   *[other] { $n } descartadas
} por falta de autenticação
dropped-reply-shaped = { $n ->
    [one] { $n } descartada
   *[other] { $n } descartadas
} por ter a forma de resposta
dropped-session-limit = { $n ->
    [one] { $n } descartada
   *[other] { $n } descartadas
} por falta de lugar para a sessão

metrics-at = as medidas para o Prometheus estão em { $url }
metrics-cannot-listen = não dá para escutar em { $address } por quem pede as medidas: escolha outro endereço
metrics-ended = ninguém mais responde a quem pede as medidas
elsewhere-no-metrics = --metrics só funciona no Linux
http-url = { $url } não é um endereço HTTP: https://HOST[:PORTA]/… ou http://…
no-certificate = { $name } não tem nenhum certificado (PEM)
push-failed = as medidas não foram enviadas: { $why }
push-goes-on = as medidas voltaram a ser enviadas a { $url }
push-interval = OTEL_METRIC_EXPORT_INTERVAL precisa ser um número de milissegundos
push-pairs = { $variable } precisa ser uma lista como nome=valor,nome=valor
monitor-no-figures = o laço que mede não responde
web-config-wrong = a configuração web { $name } não pode ser usada
web-config-hash = a senha de um usuário não é um hash do bcrypt: crie um com `htpasswd -nBC 10 "" | tr -d ':\n'`
web-config-no-client-ca = client_auth_type sem client_ca_file: não há como verificar os clientes; indique o arquivo com as autoridades deles
secret-open-to-all = outros nesta máquina podem ler ou mudar { $place }, que contém um segredo: execute `chmod o= { $place }`

confined-to = deixou de ser root e agora é { $account }, sem privilégios
confined-still-root = ainda é root, mas sem os privilégios: não foi possível passar a ser { $account }: { $error }
confined-privileges = sem privilégios daqui em diante
confined-in-sandbox = em uma sandbox: nenhum arquivo, socket ou programa pode ser aberto
confined-tcp-in-sandbox = TCP em uma sandbox: nenhum arquivo ou programa pode ser aberto, e socket só para quem se conecta
confined-measuring = em uma sandbox: nenhum programa pode ser iniciado, e o que mede não escreve em nenhum arquivo
confined-no-sandbox = sem sandbox: { $error }
elsewhere-no-sandbox = neste sistema não há nenhuma
confined-none-offered = o kernel não oferece nenhuma
elsewhere-no-user = neste sistema não há como passar a ser outro usuário: tire o --user
confined-unknown-privileges = não foi possível saber que privilégios há
confined-keeps-privileges = não foi possível abrir mão dos privilégios
confined-may-gain = não foi possível renunciar a novos privilégios
confined-not-to-be-trusted = o root foi abandonado, mas ainda pode ser recuperado: este sistema não é confiável
confined-cannot-become = não foi possível passar a ser { $account }
confined-only-root = só root pode passar a ser { $account }: tire o --user
confined-no-user = não há usuário { $user }: indique em --user um que exista
confined-cannot-look-up = não foi possível procurar o usuário { $user }
confined-starter = o usuário que iniciou o programa
not-notified = o gerenciador de serviços em NOTIFY_SOCKET não recebe avisos: { $error }

serve-redact = um refletor decide pelos endereços, e a gravação precisa deles: --redact precisa de --heartbeat sem --answer
serve-threads-journal = uma gravação contém a ordem de todas as requisições, que não existe com várias threads: tire o --threads
serve-tcp = também por TCP
serve-tcp-impairments = também por TCP, onde uma perda vira um atraso: nenhum segmento se perde de verdade
serve-tcp-stamp = STAMP não tem TCP: tire o --tcp ou o --wire stamp
serve-tcp-cannot-listen = não foi possível escutar em { $address } por TCP: outro programa pode estar usando essa porta; escolha outra
serve-tcp-not-served = uma conexão TCP de { $peer } foi descartada: { $error }
serve-tcp-log-answered = requisição TCP { $number } de { $peer }: { $bytes } bytes, respondida
serve-tcp-log-dropped = requisição TCP { $number } de { $peer }: sem resposta, { $why }
serve-tcp-summary = TCP: { $connections ->
    [0] 0 conexões
    [one] { $connections } conexão
   *[other] { $connections } conexões
}, { $requests ->
    [0] 0 requisições
    [one] { $requests } requisição
   *[other] { $requests } requisições
}, { $replies ->
    [0] 0 respostas
    [one] { $replies } resposta
   *[other] { $replies } respostas
}
serve-tcp-dropped = { $n ->
    [one] { $n } descartada
   *[other] { $n } descartadas
}
serve-tcp-held = { $n ->
    [one] { $n } perda convertida em atraso
   *[other] { $n } perdas convertidas em atraso
}
serve-tcp-displaced = { $n ->
    [one] { $n } conexão encerrada para dar lugar a outra
   *[other] { $n } conexões encerradas para dar lugar a outras
}
serve-tcp-slow = { $n ->
    [one] { $n } requisição que demorou demais para chegar
   *[other] { $n } requisições que demoraram demais para chegar
}
serve-tcp-endless = { $n ->
    [one] { $n } requisição sem fim
   *[other] { $n } requisições sem fim
}

serve-answers-paired = cada --expect precisa do seu --answer, e cada --answer do seu --expect
serve-answer-longer = esta resposta pode ser mais longa que a sua requisição, então quem forja um endereço poderia fazer outros receberem mais do que enviam: use-a em loopback, ou diga a quem responder com --allow
serve-expect-wrong = em --expect { $number }
serve-answer-wrong = em --answer { $number }
serve-unanswerable = em --answer { $number }: coluna { $column }: --expect não lê nenhuma parte assim; escreva-a lá também
serve-answers-too-many = são no máximo { $most } pares de --expect e --answer

## serve --heartbeat

monitor-reply-impairments = nada volta para um cliente que envia heartbeats: escreva primeiro o que acontece na ida, como --loss 20%,0%
monitor-impairments = na ida: { $request }; semente { $seed }
monitor-opening = Um cliente é considerado parado depois de { $silence } sem um heartbeat novo.
monitor-opening-beats = Um cliente é considerado parado depois de três vezes o seu intervalo sem um heartbeat novo, e de ao menos 3 s.
monitor-differences = Uma diferença de tempo é o atraso da ida mais a diferença entre os dois relógios: só as variações dela são variações do atraso.
monitor-beat = heartbeat { $seq } de { $who }{ $more }{ $difference }
monitor-difference = : diferença de tempo de { $difference } ms
monitor-difference-over = : diferença de tempo de { $difference } ms, { $extra } ms acima da mínima
monitor-late = : atrasado, outros o ultrapassaram
monitor-duplicate = : já tinha chegado
monitor-too-old = : antigo demais para saber se já tinha chegado
monitor-no-room = : não acompanhado, já há clientes demais
monitor-new = novo cliente: { $who }
monitor-new-late = novo cliente: { $who }; não há como saber se houve heartbeats antes do { $seq }
monitor-missing-one = { $who }: falta o heartbeat { $seq }
monitor-missing = { $who }: faltam os heartbeats { $from } a { $to } ({ $n } ao todo)
monitor-restart = { $who } recomeçou a numeração, a partir de { $seq }
monitor-back = { $who } voltou
monitor-stopped = { $who } parou, ou nada dele chega: nenhum heartbeat novo há { $silence } s
monitor-unreadable = não é um heartbeat, de { $peer }: { $why }
monitor-title = --- estatísticas de heartbeats ---
monitor-client = { $who }: { $n ->
    [one] { $n } heartbeat
   *[other] { $n } heartbeats
}, { $missing ->
    [0] não falta nenhum
    [one] falta { $missing }
   *[other] faltam { $missing }
}, o último é o { $last }{ $range }{ $stopped }
monitor-range = , diferença de tempo min/max = { $least }/{ $greatest } ms
monitor-no-range = , os horários que ele envia não são datas válidas
monitor-client-stopped = , parado
monitor-summary = clientes: { $senders }, heartbeats: { $beats }, faltam: { $missing }
monitor-sum-late = { $n ->
    [one] { $n } atrasado
   *[other] { $n } atrasados
}
monitor-sum-duplicates = { $n ->
    [one] { $n } duplicado
   *[other] { $n } duplicados
}
monitor-sum-restarts = { $n ->
    [one] { $n } recomeço de numeração
   *[other] { $n } recomeços de numeração
}
monitor-sum-stopped = { $n ->
    [one] { $n } vez considerado parado
   *[other] { $n } vezes considerado parado
}
monitor-sum-back = { $n ->
    [one] { $n } retorno
   *[other] { $n } retornos
}
monitor-sum-too-old = { $n ->
    [one] { $n } antigo demais
   *[other] { $n } antigos demais
}
monitor-sum-no-room = { $n ->
    [one] { $n } não acompanhado por falta de lugar
   *[other] { $n } não acompanhados por falta de lugar
}
monitor-sum-unreadable = { $n ->
    [one] { $n } datagrama que não é heartbeat
   *[other] { $n } datagramas que não são heartbeats
}
monitor-lost = { $n ->
    [one] { $n } perdido na ida, como pedido
   *[other] { $n } perdidos na ida, como pedido
}
monitor-not-allowed = { $n ->
    [one] { $n } de redes não permitidas
   *[other] { $n } de redes não permitidas
}

## heartbeat

beat-heading = HEARTBEAT { $name } ({ $server }): a cada { $interval }, { $times }
beat-times = { $n ->
    [one] { $n } vez
   *[other] { $n } vezes
}
beat-endless = até ser interrompido
beat-sent = heartbeat { $seq } enviado aos { $at } s
beat-unsent = não foi possível enviar o heartbeat { $seq }: { $error }
beat-missed = { $n ->
    [one] { $n } envio pulado
   *[other] { $n } envios pulados
}
beat-refused = o heartbeat { $seq } foi recusado: ninguém está escutando lá
beat-refused-before = um heartbeat anterior foi recusado: ninguém está escutando lá
beat-nobody = Ninguém estava escutando nessa porta: inicie `udping serve --heartbeat` lá ou confira a porta.
beat-nobody-at-times = Alguns heartbeats foram recusados: ninguém estava escutando naquele momento. Só o outro lado sabe se os demais chegaram.
beat-one-way = Só o outro lado sabe se chegaram.
beat-summary = heartbeats enviados: { $n }, em { $time } s
beat-sum-refused = { $n ->
    [one] { $n } recusado
   *[other] { $n } recusados
}
beat-sum-unsent = { $n ->
    [one] { $n } não enviado
   *[other] { $n } não enviados
}
beat-sum-missed = { $n ->
    [one] { $n } envio pulado
   *[other] { $n } envios pulados
}

## compare

compare-heading = COMPARE { $name } ({ $server }): UDP, TCP com uma conexão nova a cada vez, TCP com uma conexão persistente; { $rounds }, timeout de { $timeout }
compare-rounds = { $n ->
    [one] { $n } rodada
   *[other] { $n } rodadas
}
compare-endless = sem fim
compare-udp = udp
compare-new = tcp nova
compare-kept = tcp persistente
compare-line-time = tempo={ $time } ms{ $connected }
compare-line-late = tempo={ $time } ms{ $connected } (tardia, { $by } ms depois do prazo: continua perdida)
compare-line-duplicate = tempo={ $time } ms (DUP!)
compare-line-refused = recusada após { $time } ms: { $why }
compare-line-unsent = não pôde ser enviada: { $why }
compare-line-lost = perdida: sem resposta em { $timeout } ms
compare-line-truncated = truncada: { $size ->
    [one] { $size } byte
   *[other] { $size } bytes
}, menos que os da requisição
compare-line-altered = alterada: o preenchimento não é o da requisição
compare-connected = , conectada após { $time } ms
compare-no-udp = ninguém está escutando por UDP lá
compare-no-tcp = ninguém está escutando por TCP lá
compare-broken = o outro lado interrompeu a conexão
compare-closed = o outro lado fechou a conexão
compare-no-end = a resposta não termina
compare-no-way = a rede não tem como chegar lá
compare-dropped = { $n ->
    [one] { $n } datagrama chegou mais rápido do que dava para examinar e ficou de fora
   *[other] { $n } datagramas chegaram mais rápido do que dava para examinar e ficaram de fora
}
compare-title = --- comparação com { $server } ---
compare-column-udp = UDP
compare-column-new = TCP nova
compare-column-kept = TCP persistente
compare-sent = enviadas
compare-answered = respondidas a tempo
compare-truncated = das quais, truncadas
compare-altered = das quais, alteradas
compare-lost = perdidas
compare-late = das quais, tardias
compare-refused = recusadas
compare-unsent = não enviadas
compare-undecided = ainda em trânsito
compare-connections = conexões
compare-round-trips = idas e voltas
compare-packets = pacotes ida/volta
compare-bytes = bytes ida/volta
compare-retransmitted = retransmitidos
compare-least = tempo, mínimo (ms)
compare-mean = {"       "}médio
compare-median = {"       "}mediano
compare-p99 = {"       "}p99
compare-greatest = {"       "}máximo
compare-measured = Medido: os tempos, do envio ou da conexão até a resposta, e os dados. Calculado: os bytes, como dados mais { $ip } de IP e 8 de UDP ou 20 de TCP, sem opções.
compare-counted = Os pacotes de TCP são os que este sistema contou, com a abertura e o encerramento das conexões.
compare-not-counted = * o mínimo de que o TCP precisa, com a abertura e o encerramento das conexões: este sistema não conta pacotes.
compare-udp-lost = UDP: { $lost } de { $sent } sem resposta a tempo. Nada avisa que um datagrama se perdeu, e nada o retransmite.
compare-tcp = TCP: um segmento perdido é retransmitido, então uma perda vira um atraso.
compare-tcp-late = { $n ->
    [one] { $n } resposta chegou depois do timeout, mas chegou.
   *[other] { $n } respostas chegaram depois do timeout, mas chegaram.
}
compare-tcp-none = Este sistema não retransmitiu nenhum segmento; só os contadores do outro lado dizem o que ele retransmitiu ou reteve.
compare-tcp-some = Este sistema retransmitiu { $n ->
    [one] { $n } segmento
   *[other] { $n } segmentos
}; só os contadores do outro lado dizem o que ele retransmitiu.
compare-tcp-unknown = Este sistema não informa quantos foram.
compare-nobody-tcp = Ninguém está escutando por TCP nessa porta: inicie `udping serve --tcp` lá ou confira a porta.
compare-nobody-udp = Ninguém está escutando por UDP nessa porta: inicie um servidor lá ou confira a porta.
compare-no-udp-thread = não foi possível iniciar a thread que recebe

## demo

demo-stdout = o relatório da demonstração usa a saída padrão; indique um arquivo para a gravação
demo-no-journal = desta vez não haverá gravação: { $error }
demo-no-socket = não foi possível abrir um socket UDP na interface de loopback
demo-server-broke = o servidor da demonstração foi interrompido
demo-opening =
    Um servidor em { $server } responde como o do livro-texto: em maiúsculas, com algum atraso, e nem sempre.
    Dez sondas vão até ele por UDP de verdade, cada uma com um segundo para receber a resposta.
demo-closing =
    Tudo o que aconteceu está em { $journal }. Agora faça a mesma máquina de estados decidir tudo de novo:
      udping replay { $journal }
    e pergunte o que um timeout menor teria mudado:
      udping replay { $journal } --timeout 50ms
    (Em uma cópia do repositório, `udping` é `cargo run --release --`.)

## simulate

merge-impossible = não foi possível juntar { $name }
merge-no-client = esta não é a gravação de um cliente: indique primeiro a de uma medição, depois a de `udping serve`
merge-no-server = esta não é a gravação de um servidor: indique a de `udping serve --journal` depois da do cliente
merge-already = esta gravação já é das duas pontas: indique a que o cliente escreveu
merge-part = esta é uma parte de uma gravação dividida: junte os arquivos dela, o mais antigo primeiro, como em `cat ARQUIVO.2 ARQUIVO.1 ARQUIVO`, e indique o todo
merge-several = esta gravação contém várias sessões: indique um arquivo com uma só. Cada uma começa com uma linha {"{"}"udping":"journal"…{"}"}
merge-no-number = as requisições ou respostas não levam número ({ $wire }), então ninguém sabe qual sonda é qual no servidor: meça em um formato com números
merge-numbers-repeat = o formato distingue { $n } números, e ela enviou mais sondas, então ninguém sabe qual é qual no servidor: meça menos, ou em um formato com números mais longos
merge-ambiguous = { $n } clientes nela enviaram os mesmos números, e nenhuma hora os distingue: grave uma sessão sozinha, ou em um formato com {"{"}time{"}"}
merge-differs = as decisões dela não são as que se tomam agora: `udping replay` mostra as diferenças
merge-strangers = nenhum datagrama de { $server } leva um número e uma hora de { $client }: não são da mesma sessão
merge-uneven = nenhum relógio de passo constante lê as horas das duas gravações: durante a sessão, uma máquina dormiu, ou o relógio dela mudou de passo
merge-exists = { $name } já existe: indique outro nome com -o
merge-heading = as duas pontas da sessão com { $target }: { $n ->
    [one] a gravação do servidor tem 1 das suas sondas
   *[other] a gravação do servidor tem { $n } das suas sondas
}
merge-losses = perdidas na ida: { $requests }; sem resposta do servidor: { $unanswered }; perdidas na volta: { $replies }
merge-lost-somewhere = perdidas não se sabe onde, porque a gravação do servidor não está completa: { $n }
merge-first = quando saiu a primeira sonda
merge-last = quando saiu a última
merge-offset = o relógio do servidor estava adiantado { $offset } s ±{ $doubt } ms { $when }
merge-drift = ele ganhava de { $least } a { $most } ppm
merge-there = ida
merge-back = volta
merge-server = no servidor: média { $mean } ms, a maior { $most } ms
merge-way = { $what }: média { $mean } ms, a maior { $most } ms, cada uma com erro de até ±{ $doubt } ms
simulate-endless = uma simulação sem fim nunca mostraria o resumo; informe a quantidade com -c
simulate-impossible = não dá para simular isso
simulate-server = servidor simulado
simulate-script-exists = { $name } já existe: indique outro nome com --script-out
simulate-script-not-written = não foi possível escrever o roteiro { $name }
simulate-heading = PING em tempo virtual, semente { $seed }, timeout de { $timeout }

## replay

replay-cannot-open = não foi possível abrir a gravação { $name }
replay-impossible = não foi possível reproduzir { $name }
replay-empty = está vazio: nada foi gravado nele
replay-is-capture = isto é uma captura de pacotes: abra com o Wireshark ou o tcpdump. Uma gravação é o que --journal escreve
replay-is-qlog = isto é um qlog, o registro de uma conexão QUIC: abra com o qvis. Uma gravação é o que --journal escreve
replay-is-irtt = isto é o resultado do irtt, e não uma gravação do udping
replay-is-packed = isto está compactado com { $how }: descompacte primeiro, com { $how } -d
replay-is-zip = isto é um arquivo ZIP: descompacte-o primeiro
replay-is-html = isto é uma página da web: salve a própria gravação, e não a página que a mostra
replay-utf16 = é texto em UTF-16, e está danificado
replay-gzip = está compactado com gzip, e está danificado
replay-zstd = está compactado com zstd, e está danificado
replay-cut-first-line = foi cortado na primeira linha, então não contém nenhuma sessão
replay-line = linha { $line }: { $what }
replay-line-too-long = a linha { $line } tem mais de um megabyte: isto não é uma gravação do udping
replay-line-not-text = a linha { $line } não é texto a partir do byte { $byte }: isto não é uma gravação do udping
replay-within = no meio da linha { $line }
replay-after = depois da linha { $line }
replay-simulation = uma simulação, gravada por { $tool }{ $when }
replay-graded = { $program } avaliado em { $scenario }, por { $tool }{ $when }
replay-session = uma sessão com { $target }, gravada por { $tool }{ $when }
replay-comparison = uma comparação de UDP e TCP com { $target }, gravada por { $tool }{ $when }
replay-heard = heartbeats recebidos por { $target }, gravação feita por { $tool }{ $when }
replay-served-tcp = TCP: { $requests ->
    [0] 0 requisições
    [one] { $requests } requisição
   *[other] { $requests } requisições
}, { $replies ->
    [0] 0 respostas
    [one] { $replies } resposta
   *[other] { $replies } respostas
}, { $dropped ->
    [one] { $dropped } descartada
   *[other] { $dropped } descartadas
}
replay-served = o que foi atendido em { $target }, gravação feita por { $tool }{ $when }
replay-beats = heartbeats enviados a { $target }, gravação feita por { $tool }{ $when }
replay-no-fail = --fail precisa da gravação de um ping ou de uma simulação
replay-no-what-if = só é possível testar outro timeout em um ping ou uma simulação: tire o --timeout
replay-no-what-if-of-part = só de uma gravação inteira se pode perguntar por outro timeout, e não de uma parte: tire o --timeout
replay-unnamed = um servidor não identificado
replay-started = , iniciada em { $start }
replay-server = servidor
replay-session-of = sessão { $n }, a partir da linha { $line }
replay-verified = verificado: { $decisions }, { $differences }
replay-verified-so-far = verificado até onde vai: { $decisions }, { $differences }
replay-not-verified = NÃO verificado: { $decisions }, { $differences }
replay-verified-in-part = verificado em parte: { $decisions }, { $differences }
decisions = { $n ->
    [0] 0 decisões
    [one] { $n } decisão
   *[other] { $n } decisões
}
differences = { $n ->
    [0] 0 diferenças
    [one] { $n } diferença
   *[other] { $n } diferenças
}
replay-difference = linha { $line }: a gravação diz { $recorded }, o cliente decide { $decided }
replay-nothing = nada
replay-incident = aos { $time } s: { $what }
and-more = e mais { $n }
replay-cut = nota: a gravação foi cortada { $place }, aos { $end } s da sessão; só dá para ler o que vem antes
replay-next-part = nota: a gravação foi dividida e continua na parte { $part }
replay-part = nota: esta é a parte { $part } de uma gravação que foi dividida; { $records ->
    [one] { $records } registro depende do que está nas partes anteriores e não pode ser verificado
   *[other] { $records } registros dependem do que está nas partes anteriores e não podem ser verificados
}
replay-gap = nota: { $dropped ->
    [one] { $dropped } registro foi descartado
   *[other] { $dropped } registros foram descartados
} durante a gravação, e por isso { $unverifiable ->
    [one] { $unverifiable } registro posterior não pode ser verificado
   *[other] { $unverifiable } registros posteriores não podem ser verificados
}; os números são os que foram gravados
replay-skipped = nota: foi ignorado o que este programa não conhece: { $what }
skipped-records = { $n ->
    [one] { $n } registro
   *[other] { $n } registros
}
skipped-fields = { $n ->
    [one] { $n } campo
   *[other] { $n } campos
}
skipped-both = { $records } e { $fields }
what-if-title = --- com um timeout de { $timeout } em vez de { $recorded } ---
what-if-replied = respondidas
what-if-lost = perdidas
what-if-late = (tardias)
what-if-refused = recusadas
what-if-unknown = desconhecidas
what-if-recorded = gravado
what-if-then = com esse timeout
what-if-change = seq={ $seq }: { $decided } em vez de { $recorded }
what-if-packets = Os pacotes são os que foram enviados: com outro timeout, alguns teriam saído em outro momento.
what-if-nobody-knows = Desconhecidas: ninguém escutou por tanto tempo, e não há como saber.
become-in-flight = em trânsito
become-replied = respondida
become-lost = perdida
become-late = tardia
become-refused = recusada
become-unsent = não enviada
become-unknown = desconhecida

## monitor

elsewhere-no-monitor = muitos alvos de uma vez exigem chamadas de sistema do Linux, que este sistema não tem
monitor-config-unreadable = não foi possível ler a configuração { $file }
monitor-config-line = { $file }, linha { $line }: { $why }
monitor-one-file = indique uma configuração, ou hosts
monitor-targets = { $n ->
    [one] 1 alvo
   *[other] { $n } alvos
}
monitor-line = { $name }: enviadas { $sent }, perdidas { $lost }, recusadas { $refused }, não enviadas { $unsent }, em trânsito { $in-flight }; { $loss }% de perda
monitor-health = este processo: { $missed } horários perdidos, { $dropped } respostas descartadas por este sistema, { $strangers } datagramas de outros endereços
monitor-rtts = rtt { $shortest }/{ $mean }/{ $longest } ms
monitor-group-name = um grupo tem um nome
monitor-no-targets = ela não indica nenhum alvo
monitor-target-kind = um alvo é um texto, HOST ou HOST:PORTA, ou uma tabela com um host
monitor-twice = o alvo { $name } aparece duas vezes
monitor-sd-place = file_sd tem um file e http_sd tem uma url: um texto, ou uma tabela com um deles
monitor-sd-empty = não há uma lista de alvos
monitor-table = { $key } é uma tabela
monitor-list = { $key } é uma lista
monitor-unknown-key = { $key } não é uma opção aqui
monitor-text = escreva um texto, entre aspas
monitor-true-or-false = escreva true ou false
monitor-family = uma família é "ipv4", "ipv6" ou "any"
monitor-label = { $name } não pode ser um rótulo: ele tem letras, dígitos e _, não começa com dígito nem com __, e não é um dos nossos
monitor-needs-stamp = chave e erro do relógio só existem no STAMP: exigem wire = "stamp"
monitor-no-size = um formato descrito já diz o tamanho das requisições: sem size
monitor-no-self = nenhum grupo com mesh = true tem o membro { $name }: escreva em --self o nome que está na configuração
monitor-read-once = a configuração não será lida de novo, porque este usuário não pode ({ $error }): permita, ou escolha outro com --user
monitor-folder-closed = este usuário não pode escrever em { $folder }: permita, ou escolha outro com --user
monitor-reloaded = alvos: { $added } novos, { $changed } alterados, { $removed } removidos
monitor-not-reloaded = a configuração anterior continua: { $error }
monitor-not-found = os alvos encontrados antes continuam: { $error }
excerpt-outage = uma queda
excerpt-loss = a perda aumentou
excerpt-rtt = o RTT aumentou
excerpt-asked = conforme pedido
view-monitor = todos os alvos estão em { $url }
view-monitor-gone = o monitor não responde mais
monitor-excerpt = { $why }: os últimos minutos estão em { $file }; udping view { $file } --at { $at }
monitor-journal-broken = { $name } termina aqui: o que vem depois não decorre dele
monitor-journal-not-written = { $name } termina aqui: { $error }
monitor-journals-incomplete = { $n ->
    [one] uma vez algo não foi gravado: o disco foi lento demais
   *[other] { $n } vezes algo não foi gravado: o disco foi lento demais
}
monitor-unresolved = { $name }: { $error }

## path

path-instead = sem isso, `udping serve --tcp` com as mesmas degradações e `udping compare 127.0.0.1` mostram o mesmo, com as retransmissões do TCP imitadas
elsewhere-no-path = um caminho próprio precisa dos namespaces de rede do Linux, que este sistema não tem
path-no-tun = não há /dev/net/tun: o kernel não tem dispositivos TUN, ou este contêiner não recebeu nenhum
path-tun-denied = este usuário não pode abrir /dev/net/tun: tente como root ou, como root, `chmod 666 /dev/net/tun`
path-tun-unusable = não foi possível abrir /dev/net/tun: o kernel não tem dispositivos TUN
path-no-namespace = o sistema não permite um namespace de rede: tente como root
path-no-networks = o sistema não permite um namespace de rede: user.max_net_namespaces é 0
path-no-user-namespaces = o sistema não permite a este usuário um namespace de usuários, por user.max_user_namespaces, kernel.unprivileged_userns_clone ou kernel.apparmor_restrict_unprivileged_userns: tente como root
path-confined = este processo está confinado, como em um contêiner, e não pode criar um namespace de rede
path-no-device = não foi possível preparar o dispositivo de rede do caminho
path-no-server = não foi possível iniciar o servidor
path-server-failed = o servidor terminou com código { $code } antes de escutar
path-show-server = o servidor falhou, e -v mostra por quê
path-server-silent = o servidor ainda não escuta em nenhuma porta; o comando começa mesmo assim
path-server-ended = o servidor terminou com código { $code }
path-no-command = não foi possível executar { $name }
path-broke = o caminho deixou de funcionar
path-not-ended = não foi possível encerrar tudo o que foi iniciado
path-impairments = na ida: { $request }; na volta: { $reply }; semente { $seed }
path-counts = pacotes na ida: { $there }, perdidos { $there-lost }; na volta: { $back }, perdidos { $back-lost }
path-overflowed = { $n ->
    [one] mais { $n } pacote se perdeu, porque não havia mais lugar no caminho
   *[other] mais { $n } pacotes se perderam, porque não havia mais lugar no caminho
}

## grade

bug-late-credited = Um retardatário é creditado a outro ping
why-late-credited = A resposta precisa ser associada a seu ping pelo número: a que chegou respondia a um ping anterior.
bug-timer-restarts = O tempo limite recomeça a cada datagrama
why-timer-restarts = Cada ping precisa de um único prazo absoluto, um segundo depois de seu próprio envio: o que mais chegar não pode movê-lo.
bug-socket-per-ping = Um socket novo para cada ping
why-socket-per-ping = Isso esconde as respostas atrasadas, que vão para uma porta fechada, em vez de reconhecê-las: um socket basta para todos os pings.
bug-loss-inverted = A perda é a parte do que foi recebido
why-loss-inverted = A perda é (enviados - recebidos) / enviados.
bug-statistics = Um valor não é o que os pings dizem
why-statistics = Mínimo, média e máximo são só os das respostas: divida pelo que foi recebido, e deixe de fora os pings perdidos.
bug-crash-all-lost = Ele quebra quando não chegou nenhuma resposta
why-crash-all-lost = Sem resposta não há mínimo, média nem máximo: verifique isso antes de dividir.
bug-units = A unidade está errada
why-units = O número e a unidade ao lado diferem por uma potência de dez, ou um tempo é comparado em outra unidade que a sua.
bug-clock = O relógio não mede o tempo que passou
why-clock = Leia um relógio monotônico antes de enviar e depois de receber; o tempo de processador e um relógio que dá a volta medem outra coisa.
bug-no-timeout = Ele espera para sempre por uma resposta perdida
why-no-timeout = O tempo limite precisa ser definido antes da primeira recepção.
bug-refused-as-timeout = Uma recusa é chamada de tempo esgotado
why-refused-as-timeout = Ninguém escuta ali, e o sistema o disse na hora: capture só o tempo esgotado, e informe os outros erros como o que são.
bug-arrival-order = As respostas são numeradas na ordem de chegada
why-arrival-order = Com vários pings a caminho, cada um precisa de seu próprio instante de envio, achado pelo número na resposta.
bug-duplicate-credited = Uma duplicata é creditada a outro ping
why-duplicate-credited = A segunda cópia de uma resposta não responde a nada novo: associe as respostas pelo número, e ignore as já respondidas.
bug-byte-comparison = Uma resposta certa é recusada por seus bytes
why-byte-comparison = O servidor do livro responde em maiúsculas: compare o número, não cada byte.
bug-padding = Uma resposta com NUL no fim é recusada
why-padding = Servidores que enviam o buffer inteiro completam com NUL: ignore o que vem depois da mensagem.
bug-sender = Uma resposta de outra origem é creditada
why-sender = Qualquer um pode enviar a um socket UDP: compare o endereço e a porta do remetente com os do servidor, ou conecte o socket.
bug-fields = Os campos de um pacote não estão em seus lugares
why-fields = Em um formato fixo cada campo tem sua largura completa, com zeros à esquerda e preenchimento no fim.
bug-tcp = Ele se conecta por TCP
why-tcp = O exercício é de UDP: um socket de datagramas, sem conexão.
bug-count = Outro número de pings
why-count = O enunciado diz quantos pings são enviados, aconteça o que acontecer com cada um.
bug-form = Um ping tem outra forma
why-form = O enunciado diz como é um ping, para que qualquer servidor possa responder.
bug-numbers = Os números não sobem de um em um
why-numbers = Cada ping tem o número seguinte, para que sua resposta se distinga das outras.
bug-sent-twice = Um ping é enviado duas vezes
why-sent-twice = Um ping perdido não é repetido: segue o próximo número.
bug-spacing = Os pings estão próximos demais
why-spacing = O enunciado diz a que distância os pings são enviados.
bug-timeout-length = Um ping não tem o tempo que deveria ter
why-timeout-length = Cada ping tem o tempo limite inteiro a partir de seu próprio envio, e não mais.
bug-reply-called-lost = Uma resposta que chegou a tempo é dada como perdida
why-reply-called-lost = O que mais chegar deve ser ignorado, e a espera continua até o prazo.
bug-garbage-credited = O que não é resposta é creditado
why-garbage-credited = Só o que tem o número do ping é a sua resposta: lixo e datagramas vazios são ignorados.
bug-rtt-of-lost = Um ping perdido tem tempo de ida e volta
why-rtt-of-lost = Nenhuma resposta chegou, então não há o que medir.
bug-wrong-rtt = O tempo de ida e volta está errado
why-wrong-rtt = Ele vai do envio deste ping à sua própria resposta.
bug-wrong-loss = A perda está errada
why-wrong-loss = A perda é (enviados - recebidos) / enviados, contando como recebidas as respostas a tempo.
bug-crash = Ele quebra
why-crash = Chegue o que chegar, ou não, um cliente continua até o fim.
bug-hang = Ele não termina
why-hang = Depois do último ping e de seu tempo limite o programa deve terminar.
bug-endless = Ele continua sem fim
why-endless = Foi interrompido: muito mais pings, ou muito mais tempo, do que o exercício precisa.
bug-network = Ele tenta alcançar outros hosts
why-network = Só o avaliador pode ser alcançado, de modo que ninguém recebeu nada; um cliente não precisa de outro host.
bug-grader-files = Ele muda os arquivos do avaliador
why-grader-files = Os de .udping-grade dizem a quem se perguntam nomes, na cópia deste programa: nenhum cliente precisa escrever ali.
bug-limits = Ele usou mais do que pode
why-limits = Foi interrompido por um limite: processador, memória, processos, arquivos ou saída.
bug-not-printed = Nada é escrito sobre os pings
why-not-printed = O enunciado pede um RTT ou uma perda para cada ping.
bug-no-rtt = Nenhum tempo de ida e volta é escrito
why-no-rtt = O RTT de cada ping respondido é o que se quer do cliente.
bug-no-answer = O servidor não responde nada
why-no-answer = Venha o que vier antes, cada pedido deve ser respondido ao endereço de onde partiu.
bug-wrong-answer = Um cliente recebe a resposta de outro cliente
why-wrong-answer = Toda resposta vai a quem mandou seu próprio pedido, que a chamada de recepção informa.
bug-server-died = O servidor termina
why-server-died = Nenhum datagrama pode encerrar um servidor: o que não consegue ler ele ignora, e continua.
bug-answer-elsewhere = O servidor responde de outra porta
why-answer-elsewhere = Um cliente só aceita a resposta do endereço que consultou: envie pelo socket que recebeu.
bug-answered-twice = O servidor responde duas vezes a um pedido
why-answered-twice = Um pedido, uma resposta: a segunda pode ser tomada pela resposta ao pedido seguinte.
bug-slow-answer = O servidor responde depois de o cliente desistir
why-slow-answer = Um cliente espera um segundo: responda logo, ou durma menos.
bug-answer-changed = A resposta do servidor não é o pedido
why-answer-changed = O cliente reconhece a resposta pelo número que há nela: a mensagem volta, em maiúsculas ou como veio.
bug-answer-repeated = O servidor responde com a mensagem mais de uma vez
why-answer-repeated = A mensagem volta uma só vez: o que a acumula precisa ser esvaziado a cada pedido.
bug-answer-truncated = O servidor responde com uma parte da mensagem
why-answer-truncated = Ela volta inteira: tantos bytes quantos foram recebidos, seja qual for o pedido anterior.
bug-answer-cut = O servidor corta pedidos longos
why-answer-cut = O buffer da chamada de recepção é pequeno demais: o que não cabe se perde. O do livro tem 1024 bytes.
bug-beat-waits = Ele espera uma resposta ao heartbeat
why-beat-waits = Ninguém responde a um heartbeat: ele parte, e o próximo vai quando chega a hora.
bug-beat-time = A hora em um heartbeat não é a do envio
why-beat-time = Cada heartbeat leva a hora de seu próprio envio, lida logo antes.
bug-beat-uneven = Os heartbeats não saem em intervalos iguais
why-beat-uneven = Um servidor toma silêncio por fim, por isso os heartbeats devem vir à mesma distância.
bug-beat-difference = A diferença escrita não é o tempo desde o envio
why-beat-difference = É a hora em que o heartbeat chegou menos a que está escrita nele.
bug-beat-loss = Quais heartbeats se perderam não é dito, ou é dito errado
why-beat-loss = Seus números são os que há entre o que chegou e o anterior.
bug-beat-order = Um heartbeat que só foi ultrapassado é dado como perdido
why-beat-order = UDP pode entregar fora de ordem: uma lacuna só é perda depois que seu heartbeat teve tempo de chegar, ou é desfeita quando ele chega.
bug-stop-unsaid = Ele não diz que quem enviava parou
why-stop-unsaid = A chamada de recepção precisa de um timeout: quando nada chega por um tempo, nada mais avisa disso.
bug-stop-early = Ele dá por parado quem não parou
why-stop-early = Só um silêncio de vários heartbeats é um fim.
grade-no-report = não foi possível gravar { $path }
grade-no-class = indique a pasta das entregas e, com -o, a dos resultados
grade-no-main = não está claro o que executar: escreva o programa depois de dois hifens
grade-equal = igual a { $other }
elsewhere-no-grade = a avaliação precisa dos namespaces do Linux, que confinam o programa
grade-no-scenario = não há esse cenário
grade-wire-wrong = o formato do enunciado não pode ser servido
grade-no-terminal = o sistema não dá um terminal
grade-no-launch = não foi possível iniciar um processo do avaliador
grade-no-trial = uma tentativa terminou sem resultado
grade-no-program = escreva depois de dois hifens o comando a julgar, com {"{"}host{"}"} e {"{"}port{"}"}
grade-no-assignment = não foi possível ler o enunciado { $name }
grade-assignment-word = `{ $word }` não é conhecido ali
grade-no-copy = não foi possível copiar a pasta do programa: indique-a com --folder
grade-too-large = ela tem mais de 4000 arquivos ou 256 MiB
grade-not-built = a compilação falhou
grade-not-isolated = este sistema não permite namespaces: o programa alcança a rede, outros processos e arquivos; os cenários rodam um depois do outro
grade-right = nada de errado
grade-wrong = errado
grade-unjudged = não julgado
grade-advice = conselho, não conta
grade-ping = no ping { $ping }
grade-printed = escrito
grade-sent = enviado
grade-answered = respondido
grade-done = feito
grade-truth = verdade
grade-wanted = deveria ser
grade-lesson = lição: udping view, Aprender, { $lesson }
grade-not-started = não foi possível iniciar o programa
grade-passed = Nada de errado foi encontrado.
grade-some-unread = Em { $some } de { $all } cenários linhas não foram entendidas: --printed diz como são.
grade-some-busy = Em { $some } de { $all } cenários esta máquina estava ocupada demais: tente de novo com menos carga.
grade-failed = Há algo errado:
grade-nothing = Não foi possível julgar.
grade-points = pontos
grade-most-points = máximo de pontos
grade-lesson-title = lição
grade-output = O que ele escreveu
grade-submission = entrega
grade-result = passou
grade-found = erros
grade-advised = conselhos
grade-scenarios-unjudged = cenários não julgados
grade-equal-to = igual a
grade-error = erro
grade-printed-last = O que ele escreveu por último:
grade-printed-nothing = Ele não escreveu nada.
grade-ended = Como terminou: { $status }
grade-no-lines = nenhuma linha dá um RTT ou uma perda para um ping
grade-no-attribution = não se sabe qual linha é de qual ping
grade-no-unit = não se sabe em que unidade está um tempo
grade-no-pings = nenhum ping foi visto
grade-too-near = esta máquina se atrasou demais para um caso tão próximo
grade-not-repeated = o que foi encontrado não apareceu de novo
grade-busy = esta máquina estava ocupada demais

## view

view-is-folder = { $name } é uma pasta, não uma gravação
view-address = o laboratório está em { $url }
view-ending = Ele só atende esta máquina. Ctrl-C encerra.
view-stays = a execução terminou; o laboratório fica em { $url } até que suas páginas sejam fechadas, ou Ctrl-C
view-listens = Quem alcança { $ip } pode abrir a página e, com este endereço, também a gravação, com os nomes e endereços que há nela. Nada pode ser mudado ali; nada é criptografado. Ctrl-C encerra.
view-no-address = { $ip } não é um endereço que outros possam abrir; dê um desta máquina
view-no-browser = não foi possível abrir um navegador ({ $error }): abra você mesmo esse endereço
view-broke = o servidor do laboratório foi interrompido
view-cannot-listen = não foi possível escutar em { $address }
view-port-taken = não foi possível escutar em { $address }: escolha outra porta ou tire o --port
view-other-port = a porta { $usual } está ocupada, então o laboratório está na { $port }; o que o navegador guardou para a outra porta não aparece aqui
view-no-port = as portas de { $first } a { $last } estão todas ocupadas; escolha uma com --port
view-foreign-name = este servidor não responde por esse nome
view-no-journal = essa gravação não existe
view-no-page = essa página não existe
view-journal-unreadable = não foi possível ler a gravação: { $error }
view-absent = este udping foi compilado sem o laboratório do navegador; em uma cópia do repositório, `cargo xtask view{ $file }` compila a página, coloca-a no comando e a abre
view-flag-absent = este udping foi compilado sem o laboratório do navegador; em uma cópia do repositório, `cargo xtask web` compila a página e `cargo build --release -p udping --features lab` a coloca no comando
