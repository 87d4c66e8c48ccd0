### A ajuda (--help). O inglês está em src/cli, ao lado dos argumentos; um teste confere
### que nenhum fica sem tradução.
###
### O nome de uma mensagem é o do argumento, ou o do comando e do argumento; atributos
### são os valores possíveis. Em `about-`, que é a ajuda de um comando, o que vem depois
### de uma linha vazia só aparece na ajuda completa.

## Títulos e valores

heading-impairments = Condições (um valor para a volta, ou dois como IDA,VOLTA)
heading-confinement = Confinamento (Linux)
heading-heartbeats = Heartbeats (com --heartbeat)
heading-stamp = STAMP (com --wire stamp)
value-host-port = HOST[:PORTA]
value-addr-port = ENDEREÇO:PORTA
value-address-port-interface = ENDEREÇO[:PORTA]|INTERFACE
value-bytes = BYTES
value-condition = CONDIÇÃO
value-file = ARQUIVO
value-format = FORMATO
value-hops = SALTOS
value-how = COMO
value-label = RÓTULO
value-language = IDIOMA
value-mark = MARCA
value-matching = QUAIS
value-n = N
value-network = REDE
value-number = NÚMERO
value-pattern = PADRÃO
value-port = PORTA
value-rate = TAXA
value-rate-off = TAXA|off
value-reply = RESPOSTA
value-source = FONTE
value-time = TEMPO
value-timestamps = DE_QUEM
value-tos = TOS
value-when = QUANDO
value-user = USUÁRIO
value-wire = FORMATO
version = Mostra a versão
lang = O idioma do que se lê aqui; as gravações são iguais em todos. [padrão: o do ambiente]
help = Mostra esta ajuda: -h resumida, --help completa
about-help = Mostra esta ajuda, ou a de um subcomando

## Ping

about-ping =
    Mede o tempo de ida e volta de datagramas UDP

    Por padrão, dez sondas, uma depois da outra, cada uma com um segundo para receber a resposta. Qualquer programa que devolva o que recebe por UDP pode responder: o servidor de um trabalho de aula ou `udping serve`.
    .after =
        Código de saída: 0 se uma resposta chegou a tempo, 1 se nenhuma, ou com -w menos do que -c pede;
        2 em caso de erro, 3 se uma condição de --fail vale.
        Respostas tardias são esperadas no fim se alguma resposta chegou, ou se a execução é gravada ou acompanhada.
        Durações: 1s, 200ms, 50us, 1m30s, ou segundos como 0,5. Taxas: 30% ou 0.3.
        Comece por `udping demo`: não precisa de mais nada.
target = A quem enviar o ping: um nome ou endereço, com a porta se não for a 12000 (862 com --wire stamp). IPv6 com porta se escreve `[::1]:12000`
count = Quantas sondas enviar; 0 para não parar. [padrão: 10]
interval = Envia em um ritmo fixo, com este intervalo, cheguem respostas ou não. Sem isso, cada sonda espera a resposta ou o timeout da anterior
timeout = Quanto uma resposta pode demorar e ainda valer
linger = Por quanto tempo depois do timeout uma resposta ainda é reconhecida como tardia. [padrão: o timeout]
adaptive = Adaptativo: envia a próxima sonda assim que a resposta chega, e nunca depois do timeout. É o que se faz sem -i, mas não com --tui
flood = Envia tão rápido quanto chegam as respostas, com uma janela de sondas em trânsito, e não mostra uma linha para cada uma
window = Mantém este número de sondas em trânsito: envia todas de uma vez, e depois uma para cada que é respondida ou perdida. [padrão: 1; com -f, 32]
size = Preenche cada sonda até este número de bytes. Uma que já precisa de mais fica como é; as do STAMP têm 44, ou a partir de 64
pattern = Com que preencher, em até 32 dígitos hexadecimais, repetidos: ff, 00ff. No formato de texto, um espaço vem antes. [padrão: espaços; no STAMP, bytes aleatórios]
matching = Que respostas aceitar: as que trazem um número de sequência, ou qualquer uma
    .seq = Respostas com número de sequência
    .any = Qualquer resposta, diga o que disser, com uma sonda de cada vez
spin = Com -i, mantém um processador ocupado no último trecho antes da hora de cada sonda, para que ela saia exatamente na hora. [padrão sem TEMPO: 200us]
deadline = Encerra toda a execução depois deste tempo, seja o que for que ela espere
quiet = Mostra só a primeira linha e o resumo
dated = Põe a hora antes de cada linha, em segundos desde 1970
outstanding = Avisa quando uma sonda sai antes que a anterior tenha resposta
ipv4 = Usa só IPv4
ipv6 = Usa só IPv6
numeric = Mostra endereços, nunca nomes
ping-verbose = Mostra também o que foi ignorado, e por quê
ttl = Tempo de vida (TTL, ou limite de saltos) das sondas
tos = Qualidade de serviço: o byte TOS (classe de tráfego) das sondas, como 184 ou 0xb8, ou o nome de um DSCP: ef, af11 a af43, cs0 a cs7, va, le
broadcast = Permite um endereço de broadcast como alvo. Quem responde o faz do próprio endereço, que -v mostra, e a resposta não vale para nenhuma sonda
send-buffer = Pede ao sistema este espaço para o que espera ser enviado
mark = Marca as sondas para o firewall e as rotas desta máquina, como 7 ou 0x7 (Linux; precisa de `CAP_NET_RAW` ou `CAP_NET_ADMIN`)
flow-label = Rótulo de fluxo das sondas, em IPv6: até cinco dígitos hexadecimais; 0 o deixa para o sistema (Linux)
resolve-again = Numa execução longa, consulta de novo o nome do alvo a cada TEMPO, e segue para outro endereço se ele mudou
source = Envia a partir deste endereço desta máquina, e desta porta dele, se for dada; ou por esta interface
mtu = Descoberta da MTU do caminho: nunca fragmentar (do), fragmentar só nesta máquina (want), enviar sem levar em conta o que se sabe do caminho (probe), ou fragmentar em qualquer lugar (dont)
    .do = Ninguém pode fragmentar
    .want = Esta máquina pode, onde se sabe que o caminho é estreito
    .probe = Ninguém pode, e não se leva em conta o que se sabe do caminho
    .dont = Qualquer um pode
timestamps = De quem são os tempos mostrados ao lado dos deste programa, os únicos que decidem. [padrão: kernel, onde há um que dê marcas de tempo, mas não com -f, que ficaria mais lento]
    .kernel = As marcas de tempo por software do kernel (Linux): o que a rede gastou, sem esta máquina
    .app = Só os deste programa
ping-wire = Que forma as sondas têm na rede
    .text = O `Ping <seq> <hora>` do trabalho de aula
    .stamp = STAMP, o protocolo de medição da IETF (RFC 8762); também fala com TWAMP Light
fail = Termina com código de saída 3 se isto valer para os números, como 'loss>5%' ou 'p95>200ms'; pode ser repetida
journal = Grava tudo o que acontece em ARQUIVO, como JSON Lines; - para a saída padrão, como --json
json = Mostra as linhas da gravação em vez do relatório; com -q, só a primeira e a última
redact = Deixa nomes e endereços fora da gravação
tui = Mostra a medição no terminal enquanto acontece: RTTs ao longo do tempo, perdas, histograma, janelas. Sem -c não tem fim, e sem -i nem -f uma sonda sai cinco vezes por segundo
color = Se --tui usa cores
    .auto = Se o terminal puder, e `NO_COLOR` não estiver definida
    .never = Nunca

## STAMP

hmac-key-file = Autentica com a chave em ARQUIVO (HMAC-SHA-256): em hexadecimal ou como está, com no mínimo 16 bytes. A chave também pode estar no ambiente, em `UDPING_HMAC_KEY`; não há opção para ela, porque outros podem ler as opções de um comando
timestamp-format = Como as marcas de tempo são escritas
    .ntp = O do NTP, que todos entendem
    .ptp = O do PTP, em TAI
clock-error = Declara que o relógio desta máquina é mantido a no máximo TEMPO do UTC (por NTP, PTP, GPS). Sem isso, o relógio é dado por não sincronizado
clock-source = Declara o que mantém o relógio certo. [padrão: ntp]
    .ntp = NTP
    .ptp = PTP
    .ssu = Uma Synchronization Supply Unit, ou um Building Integrated Timing Supply
    .gnss = GPS e outros, por satélite ou rádio
stateful = Conta as respostas de cada sessão, para que quem envia distinga as perdas na ida das perdas na volta
twamp-light = Responde também às requisições do TWAMP Light mais curtas que as do STAMP, a partir de 41 bytes

## serve

about-serve = Responde a sondas: um refletor, com os problemas de rede que você quiser
bind = Onde escutar; a porta 0 é qualquer uma livre. [porta padrão: 12000, com --wire stamp 862]
serve-wire = Que forma têm requisições e respostas
    .text = O `Ping <seq> <hora>` do trabalho de aula
    .stamp = STAMP, o protocolo de medição da IETF (RFC 8762); também fala com TWAMP Light
reply = O que responder, no formato de texto
    .echo = A requisição, byte por byte
    .upper = A requisição em maiúsculas, como faz o servidor do livro-texto
    .pong = Só `pong`
rate-limit = Requisições por segundo de uma mesma origem, ou `off`. Por padrão, sem limite em loopback e 1000 fora dele
total-limit = Requisições por segundo de todas as origens juntas, ou `off`. Por padrão, sem limite em loopback e 20000 fora dele
allow = Responde só a esta rede, como 192.0.2.0/24, ou a um endereço; ela pode então usar qualquer porta de origem. Pode aparecer até 32 vezes
threads = Atende com este número de threads (Linux). As requisições de cada remetente vão para uma delas, e os limites são de cada uma
serve-verbose = Mostra uma linha para cada requisição

user = Depois de abrir a porta, deixa de ser root e passa a ser este usuário: um nome ou um número. Por padrão, root passa a ser nobody
no-sandbox = Dispensa a sandbox, em que, depois de aberta a porta, nenhum arquivo, socket ou programa pode mais ser aberto

tcp = Responde também por TCP, na mesma porta: uma linha para cada requisição. Uma perda pedida é compensada ali por um atraso, como o TCP faria: 200 ms, dobrados a cada vez
serve-heartbeat = Não responde a nada; diz quem envia heartbeats, o que falta e quem se calou. O segundo valor das condições é então 0: nada volta
silence = Quanto tempo um cliente pode ficar calado antes de ser dado como parado

## compare

about-compare = Pergunta o mesmo por UDP, por uma conexão TCP nova a cada vez e por uma que se mantém, e compara o que cada uma custa
compare-target = A quem perguntar: um nome ou endereço, com a porta se não for a 12000. Deve responder ali por UDP e TCP, como `udping serve --tcp`
compare-count = Quantas vezes perguntar, de cada modo; 0 para não parar
compare-interval = Inicia as rodadas com este intervalo. Sem isso, cada uma segue a anterior
compare-timeout = Quanto uma resposta pode demorar e ainda valer, por TCP já com a conexão
compare-linger = Por quanto tempo depois do timeout uma resposta ainda é esperada, como tardia. [padrão: o timeout]
compare-size = Preenche cada requisição até este número de bytes. Uma que precisa de mais fica como é

## heartbeat

about-heartbeat = Envia heartbeats: um número e a hora, em um só sentido, para `udping serve --heartbeat` ou o servidor do trabalho de aula
heartbeat-target = A quem enviar: um nome ou endereço, com a porta se não for a 12000
heartbeat-count = Quantos heartbeats enviar; 0 para não parar
heartbeat-interval = O intervalo entre eles
heartbeat-deadline = Encerra depois deste tempo
heartbeat-size = Preenche cada heartbeat até este número de bytes. Um que precisa de mais fica como é

## Condições

loss = Quantos pacotes se perdem, como 30% ou 0.3
delay = Quanto um pacote demora
jitter = Quanto os atrasos variam: até isto a mais ou a menos, com igual probabilidade
duplicate = Quantos pacotes chegam duas vezes
reorder = Quantos pacotes são retidos por 50 ms, para que os seguintes os ultrapassem
seed = Onde começa o acaso: a mesma semente traz os mesmos problemas. [padrão: uma ao acaso]

## demo, replay, simulate, view

about-demo = Veja funcionar: um refletor com perdas e dez sondas até ele, só nesta máquina
demo-journal = Onde escrever a gravação
about-replay = Confere as decisões de uma gravação tomando-as de novo, ou pergunta o que outro timeout teria mudado
replay-file = A gravação; - para a entrada padrão
replay-timeout = Decide de novo como se este tivesse sido o timeout
about-simulate = Executa cliente, rede e servidor em tempo virtual
service = Quanto o servidor demora com uma requisição
simulate-wire = Se o servidor informa os seus tempos, como fazem os do STAMP
    .text = O `Ping <seq> <hora>` do trabalho de aula
    .stamp = STAMP, o protocolo de medição da IETF (RFC 8762); também fala com TWAMP Light
simulate-journal = Escreve a gravação em ARQUIVO; - para a saída padrão, no lugar do relatório
about-view = Abre o laboratório no navegador: reproduzir uma gravação, simular, aprender. Nada sai desta máquina
view-file = A gravação que ele deve abrir
port = A porta do servidor do laboratório em loopback; 0 para qualquer uma livre. [padrão: 12080, ou a próxima livre]
no-open = Só mostra o endereço
