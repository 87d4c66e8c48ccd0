### Erros cujo inglês não está em en.ftl, e sim ao lado deles: os do núcleo e os da
### leitura dos argumentos (clap).

## O núcleo: a configuração de uma sessão

config-zero-timeout = o timeout é zero, então nenhuma resposta valeria
config-zero-interval = o intervalo é zero; use uma janela para enviar tão rápido quanto chegam as respostas
config-zero-window = a janela é zero, então nenhuma sonda poderia sair
config-too-long = uma duração passa de 73 anos
config-match-any = respostas sem número só podem ser aceitas com uma sonda de cada vez
config-table-too-small = { $needed } sondas podem estar aguardando resposta ao mesmo tempo, e há lugar para { $supplied }; use um intervalo maior, ou um timeout ou uma janela de tardias menor

## O núcleo: gravações

header-not-a-journal = isto não é uma gravação do udping: a primeira linha não é um cabeçalho como {"{"}"udping":"journal","version":2,…{"}"}
header-newer = esta gravação tem a versão de formato { $version }, e este programa lê a { $known }; use um udping mais novo
header-older = esta gravação tem a versão de formato { $version }, e este programa lê a { $known }; use o udping que a gravou, ou meça de novo
header-malformed = o cabeçalho da gravação está malformado: { $what }
line-column = coluna { $column }: { $what }
replay-config = a configuração da gravação não pode ser executada: { $why }
replay-kind = a gravação é de outro tipo
replay-table = a tabela da gravação, de { $slots } entradas, é maior que as { $most } possíveis

## O núcleo: simulação e condições

world-not-simulated = esta gravação é de uma execução real, então não há o que simular
world-wire = o formato dela não pode ser simulado
world-way-there = na ida: { $why }
world-way-back = na volta: { $why }
impairments-too-long = { $field } é { $given }: tem de ser de 0 a { $most }
impairments-transitions = a soma de loss.bursty.enter_bad e leave_bad é { $sum } ppm: juntas, têm de somar de { $least } a { $most } ppm
seed-wrong = a semente é um número inteiro de 0 a { $most }
rate-not-a-number = não é uma taxa: escreva como 30%, 0.3 ou 300000ppm
rate-no-unit = um número inteiro precisa da unidade: escreva 1%, ou 1.0, que é 100%
rate-too-high = uma taxa é no máximo 100%, ou seja, 1000000 ppm
rate-too-fine = uma taxa é um número inteiro de partes por milhão (0,0001%)
network-wrong = escreva uma rede como 192.0.2.0/24, 2001:db8::/32, ou um endereço só
script-place = linha { $line }, coluna { $column }: { $what }
script-action = escreva drop, delay, duplicate, corrupt ou reorder
script-direction = escreva request ou reply
script-number = escreva o número do pacote, a partir de 1
script-copy = escreva o número da cópia, a partir de 1
script-request-copy = a cópia de uma requisição passa pelo que dizem as linhas acima do seu `duplicate`: escreva `reply` se é da resposta a ela que se trata, ou tire esta linha
script-no-such-copy = nenhuma linha acima faz essa cópia: escreva lá `duplicate request { $number }`
script-too-many-copies = um pacote tem no máximo { $most } cópias: tire esta linha
script-time = escreva um tempo, como 1,3s ou 200ms
script-unit = `{ $unit }` não é uma unidade de tempo: escreva d, h, m, s, ms, us ou ns
script-too-long = escreva um tempo de no máximo 104 dias
script-extra = não escreva mais nada aqui, ou um comentário depois de #
key-too-short = uma chave STAMP tem no mínimo { $least } bytes

## O núcleo: formatos descritos

template-column = coluna { $column }: { $problem }
template-in-request = a requisição, { $error }
template-in-expect = a expectativa { $number }, { $error }
template-expectations = um formato tem de 1 a { $most } expectativas
template-no-number = espera-se um número de sequência na resposta, e a requisição não tem um; escreva {"{"}seq{"}"} na requisição, ou {"{"}int{"}"} na expectativa
template-comes-round = { $probes } sondas cabem no timeout e na janela de tardias, e o formato tem { $numbers } números, dos quais no máximo a metade pode esperar; use um intervalo maior, ou um número com mais dígitos
template-empty = não há nada nele; escreva um texto, ou {"{"}any{"}"}
template-unclosed = nenhuma {"}"} termina esta parte; para o caractere {"{"} escreva \{"{"}
template-unopened = nenhuma {"{"} começa esta parte; para o caractere {"}"} escreva \{"}"}
template-escape = isto não é um escape; escreva \n, \r, \t, \0, \xHH, \\, \{"{"} ou \{"}"}
template-unknown-part = isto não é uma parte; escreva {"{"}seq{"}"}, {"{"}int{"}"}, {"{"}time{"}"}, {"{"}token{"}"}, {"{"}text:N{"}"}, {"{"}pad:N{"}"}, {"{"}len:u16be{"}"}, {"{"}url:…{"}"}, {"{"}word{"}"} ou {"{"}any{"}"}, e em uma resposta também {"{"}echo{"}"}, {"{"}upper{"}"}, {"{"}rest{"}"} ou {"{"}byte:N=C{"}"}
template-bad-format = esta parte não tem esse formato; escreva 05 para cinco dígitos, u8, u16be ou u64le em binário, {"{"}time:s|ms|us|ns{"}"}, {"{"}time:ms%10000:04{"}"}, {"{"}time:hms{"}"}, {"{"}time:asctime{"}"}, {"{"}text:30{"}"}, {"{"}pad:30:20{"}"} ou {"{"}byte:5=1{"}"}
template-only-in-answer = esta parte só pode estar em uma resposta de servidor; escreva {"{"}any{"}"}
template-not-in-request = nada diz o que enviar por esta parte; escreva a própria palavra
template-not-in-url = esta parte não pode estar em {"{"}url:…{"}"}; escreva um número em dígitos, uma hora, {"{"}token{"}"}, {"{"}word{"}"} ou {"{"}text:N{"}"} com N até { $most }
template-second-seq = já há um número de sequência; escreva {"{"}int{"}"}
template-touching = nada diz onde a parte anterior termina; escreva um literal entre elas, ou um número de largura fixa, como {"{"}seq:05{"}"}
template-digit-after-number = este dígito seria lido como parte do número anterior; escreva um literal entre eles, ou um número de largura fixa, como {"{"}seq:05{"}"}
template-after-any = {"{"}any{"}"} termina em um literal; escreva um depois, ou nada
template-after-word = {"{"}word{"}"} termina em espaço em branco; escreva algum depois, ou nada
template-length-too-large = o que vem depois é mais longo do que este campo pode dizer; escreva {"{"}len:u32be{"}"}
template-too-many-parts = um modelo tem no máximo { $most } partes; escreva várias como um só {"{"}any{"}"}
template-too-many-literals = os literais de um modelo têm no máximo { $most } bytes; escreva {"{"}text:N{"}"} ou {"{"}pad:N{"}"}
template-too-long = um datagrama tem no máximo { $most } bytes; escreva um número menor
mismatch-ended = o datagrama termina aqui
mismatch-literal = um byte diferente do literal
mismatch-digits = não é um número como o modelo o tem
mismatch-too-large = um número de sequência grande demais
mismatch-time = não é uma hora como o modelo a tem
mismatch-word = não é uma palavra
mismatch-length = um comprimento diferente do que vem depois
mismatch-more = mais do que o modelo tem

## Os argumentos

clap-options = Opções
clap-arguments = Argumentos
clap-commands = Comandos
clap-default = [padrão: { $value }]
clap-error = erro:
clap-tip = dica:
clap-conflict-itself = o argumento { $argument } não pode aparecer mais de uma vez
clap-conflict = o argumento { $argument } não pode ser usado com { $others }
clap-conflict-command = o subcomando { $command } não pode ser usado com { $others }
clap-conflict-some = outros argumentos informados
clap-no-equals = é preciso um sinal de igual entre { $argument } e o valor
clap-no-value = { $argument } precisa de um valor, e nenhum foi informado
clap-value = valor inválido { $value } para { $argument }
clap-value-because = valor inválido { $value } para { $argument }: { $why }
clap-values = [valores possíveis: { $values }]
clap-subcommand = subcomando desconhecido: { $command }
clap-missing = faltam argumentos obrigatórios:
clap-unexpected-value = valor inesperado { $value } para { $argument }; não era esperado mais nenhum
clap-unknown = argumento desconhecido: { $argument }
clap-not-text = um argumento não é texto UTF-8 válido
clap-similar = existe algo parecido: { $name }
clap-more = Para saber mais, tente '--help'.
clap-each-value = Valores possíveis:
