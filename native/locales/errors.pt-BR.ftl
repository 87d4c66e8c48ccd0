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
script-no-such-copy = nenhuma linha acima faz essa cópia: escreva lá `duplicate request { $number }`
script-too-many-copies = um pacote tem no máximo { $most } cópias: tire esta linha
script-time = escreva um tempo, como 1,3s ou 200ms
script-unit = `{ $unit }` não é uma unidade de tempo: escreva d, h, m, s, ms, us ou ns
script-too-long = escreva um tempo de no máximo 104 dias
script-extra = não escreva mais nada aqui, ou um comentário depois de #
key-too-short = uma chave STAMP tem no mínimo { $least } bytes

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
