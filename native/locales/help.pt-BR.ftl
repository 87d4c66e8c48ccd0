### A ajuda (--help). O inglês está em src/cli, ao lado dos argumentos; um teste confere
### que nenhum fica sem tradução.
###
### O nome de uma mensagem é o do argumento, ou o do comando e do argumento; atributos
### são os valores possíveis, os exemplos (`.examples`) e o fim da ajuda (`.after`). O que
### vem depois de uma linha vazia só aparece na ajuda completa (--help): até ali, cabe em uma
### linha de 80 colunas ao lado da opção.

## Títulos e valores

heading-answers = Respostas
heading-impairments = Degradações (um valor para a volta, ou dois como IDA,VOLTA)
heading-limits = Limites
heading-output = Saída e gravação
heading-probes = Sondas
heading-schedule = Ritmo e fim
heading-confinement = Confinamento (Linux)
heading-metrics = Métricas (Linux)
heading-general = Geral
heading-heartbeats = Heartbeats (com --heartbeat)
heading-stamp = STAMP (com --wire stamp)
value-host-port = HOST[:PORTA]
value-addr = ENDEREÇO
value-addr-port = ENDEREÇO:PORTA
value-by = COMO
value-bytes = BYTES
value-client = CLIENTE
value-command = COMANDO
value-condition = CONDIÇÃO
value-config-toml-host-port = CONFIG.toml|HOST[:PORTA]
value-dir = PASTA
value-file = ARQUIVO
value-folder = PASTA
value-format = FORMATO
value-hops = SALTOS
value-how = COMO
value-label = RÓTULO
value-language = IDIOMA
value-mark = MARCA
value-matching = QUAIS
value-n = N
value-name = NOME
value-network = REDE
value-number = NÚMERO
value-pattern = PADRÃO
value-program = PROGRAMA
value-scenario = CENÁRIO
value-text = TEXTO
value-what = O_QUÊ
value-word-text = PALAVRA=TEXTO
value-port = PORTA
value-rate = TAXA
value-rate-off = TAXA|off
value-reply = RESPOSTA
value-size = TAMANHO
value-source = ORIGEM
value-server = SERVIDOR
value-shell = SHELL
value-template = MODELO
value-time = TEMPO
value-timestamps = ORIGEM
value-tos = TOS
value-when = QUANDO
value-url = URL
value-user = USUÁRIO
value-wire = FORMATO
version = Mostra a versão
lang =
    Idioma do texto: en ou pt-BR

    As gravações são iguais em todos. [padrão: o do ambiente]
help = Mostra esta ajuda: -h resumida, --help completa
about-help = Mostra esta ajuda, ou a de um subcomando

## Ping

about-ping =
    Mede o tempo de viagem de ida e volta (RTT) e a perda de pacotes por UDP

    Por padrão, dez sondas, uma depois da outra, cada uma com um segundo para receber a resposta. Qualquer programa que devolva o que recebe por UDP pode responder: o servidor da tarefa de programação ou `udping serve`.
    .examples =
        Exemplos:
          udping demo                     veja funcionar, só nesta máquina
          udping serve                    responde a sondas, na porta 12000
          udping HOST -c 100 -i 10ms      cem sondas, uma a cada 10 ms
          udping HOST --tui               acompanha a rede até você teclar q
          udping HOST --journal ARQUIVO   grava tudo, para udping replay ARQUIVO
    .after =
        Código de saída: 0 se uma resposta chegou a tempo, 1 se nenhuma, ou com -w menos do que -c pede;
        2 em caso de erro, 3 se uma condição de --fail vale.
        Respostas tardias são esperadas no fim se alguma resposta chegou, ou se a execução é gravada ou acompanhada.
        Durações: 1s, 200ms, 50us, 1m30s, 1d, ou segundos como 0,5. Taxas: 30% ou 0.3.
        De uma opção repetida, vale a última. Comece por `udping demo`: não precisa de mais nada.
target =
    A quem enviar o ping: um nome ou endereço

    Com a porta se não for a 12000 (862 com --wire stamp); IPv6 com porta se escreve `[::1]:12000`
others =
    Outros hosts, ao mesmo tempo (Linux)

    Uma linha para cada um, e um segundo entre as suas sondas, a menos que -i diga outra coisa. Com vários hosts só há -c, -i, -W, -w, -s, -q, -t, -Q, -I, -4, -6, --wire e --tui
count = Quantas sondas enviar; 0: sem parar. [padrão: 10]
interval =
    Envia uma a cada TEMPO, cheguem respostas ou não

    Sem isso, cada sonda espera a resposta ou o timeout da anterior. Uma que não pôde sair na hora é um envio pulado, e é contada
timeout = Tempo para uma resposta chegar e valer
every =
    Mostra os números a cada TEMPO, de um segundo ou mais

    Os desde a última vez e todos; a gravação também os recebe
until = Termina depois de tantas respostas a tempo; sem -c, nada mais termina a execução
wait = Espera no máximo este tempo que o host suba, com uma sonda por segundo, e só então começa a medir
linger = Por quanto tempo mais se reconhece uma tardia. [padrão: o timeout]
adaptive =
    Envia a próxima sonda assim que a resposta chega

    Adaptativo, e nunca depois do timeout: o que se faz sem -i, mas não com --tui
flood =
    Envia tão rápido quanto chegam as respostas

    Com 32 sondas em trânsito, ou quantas -l disser, e sem uma linha para cada resposta
window =
    Mantém N sondas em trânsito. [padrão: 1; com -f, 32]

    N saem de uma vez, e depois uma para cada que é respondida ou perdida: o preload do ping, no ritmo das respostas
size =
    Preenche cada sonda até este número de bytes

    Uma que já precisa de mais fica como é: uma sonda de texto tem 27 bytes ou mais, uma STAMP 44, ou a partir de 64
pattern =
    Preenche com estes bytes em hexadecimal, como ff

    Até 16, repetidos, como 00ff; no formato textbook, um espaço vem antes. [padrão: espaços; no STAMP, bytes aleatórios]
matching = Quais respostas aceitar
    .seq = Respostas com número de sequência
    .any = Qualquer resposta, diga o que disser, com uma sonda de cada vez
spin =
    Espera ocupada por TEMPO antes de cada sonda, com -i

    Mantém um processador ocupado, para que cada uma saia exatamente na hora. [padrão sem TEMPO: 200us]
deadline =
    Encerra toda a execução depois de TEMPO

    Seja o que for que ela espere, até a consulta do nome
quiet = Mostra só a primeira linha e o resumo
dated =
    Põe a hora antes de cada linha

    Em segundos desde 1970
outstanding = Avisa se uma sonda sai sem a resposta da anterior
ipv4 = Usa só IPv4
ipv6 = Usa só IPv6
numeric = Mostra endereços, nunca nomes
ping-verbose = Mostra também o que foi ignorado, e por quê
ttl = Tempo de vida (TTL, ou limite de saltos) das sondas
tos =
    Qualidade de serviço: 184, 0xb8, ou nome: ef, af41

    O byte TOS, ou classe de tráfego; ou o nome de um DSCP: ef, af11 a af43, cs0 a cs7, va, le
broadcast =
    Permite um endereço de broadcast como alvo

    Quem responde o faz do próprio endereço: -v o mostra, e a resposta não vale para nenhuma sonda
send-buffer = Espaço para o que espera ser enviado (`SO_SNDBUF`)
mark =
    Marca para o firewall e as rotas desta máquina (Linux)

    Como 7 ou 0x7 (`SO_MARK`). Precisa de `CAP_NET_RAW` ou `CAP_NET_ADMIN`
flow-label =
    Rótulo de fluxo em IPv6, em hexadecimal (Linux)

    Até cinco dígitos; 0 o deixa para o sistema
resolve-again =
    Consulta de novo o nome do alvo a cada TEMPO

    A execução segue para outro endereço se ele mudou
source =
    Envia deste endereço desta máquina, ou interface

    Um endereço pode ter a porta, como `192.0.2.1:5000` ou `[2001:db8::1]:5000`
mtu = Descoberta da MTU do caminho: quem fragmenta (Linux)
    .do = Ninguém pode fragmentar
    .want = Esta máquina pode, onde se sabe que o caminho é estreito
    .probe = Ninguém pode, e não se leva em conta o que se sabe do caminho
    .dont = Qualquer um pode
timestamps =
    De quem são os tempos mostrados: os deste programa decidem

    Padrão: kernel, onde ele dá marcas de tempo, mas não com -f, que ficaria mais lento
    .kernel = As marcas de tempo por software do kernel (Linux): o que a rede gastou, sem esta máquina
    .app = Só os deste programa
ping-wire =
    Formato das sondas, pelo nome

    `udping wires` mostra todos
    .textbook = O `Ping <seq> <hora>` da tarefa de programação
    .stamp = STAMP, o protocolo de medição da IETF (RFC 8762); também fala com TWAMP Light
ping-request =
    Envia requisições como diz este modelo

    Como 'ping {"{"}seq{"}"} {"{"}time:ms{"}"}': veja `udping wires`. [padrão com --expect: a da tarefa]
expect =
    Aceita como resposta o que este modelo lê

    Até quatro, tentados em ordem. [padrão com --request: a requisição, sem diferença de maiúsculas]
wire-file =
    Fala o formato que ARQUIVO descreve

    TOML: `request`, uma lista `expect` e, para um servidor, `answer`.
overwrite = Substitui uma gravação que já existe
append =
    Grava depois do que ARQUIVO já contém

    Cada sessão tem o seu cabeçalho.
journal-max =
    Começa outro arquivo antes que a gravação passe de TAMANHO

    Como 10M ou 1G; os cheios são ARQUIVO.1, o mais recente, a ARQUIVO.9
fail =
    Termina com código de saída 3 se isto valer, como 'loss>5%'

    Os números são os do resumo, como em 'p95>200ms'. Pode ser repetida: basta que uma das condições valha.
journal =
    Grava tudo em ARQUIVO, como JSON Lines

    - é a saída padrão, como com --json
json =
    Mostra a gravação em vez do relatório

    Com -q, só a primeira e a última linha
redact = Deixa nomes e endereços fora da gravação
tui =
    Acompanha a execução no terminal

    RTTs ao longo do tempo, perdas, histograma, janelas. Sem -c não tem fim, e sem -i, -l, -f ou -A uma sonda sai cinco vezes por segundo
view =
    Mostra a execução no laboratório do navegador enquanto ela é medida

    O laboratório fica aberto depois da execução, até que suas páginas sejam fechadas ou Ctrl-C. Nada sai desta máquina.
color = Se --tui usa cores
    .auto = Se o terminal puder, e `NO_COLOR` não estiver definida
    .never = Nunca

## STAMP

hmac-key-file =
    Autentica com a chave em ARQUIVO (HMAC-SHA-256)

    Em hexadecimal ou como está, com no mínimo 16 bytes. A chave também pode estar no ambiente, em `UDPING_HMAC_KEY`; não há opção para ela, porque outros podem ler as opções de um comando
timestamp-format = Como as marcas de tempo são escritas
    .ntp = O do NTP, que todos entendem
    .ptp = O do PTP, em TAI
clock-error =
    Declara que o relógio está a no máximo TEMPO do UTC

    Mantido assim por NTP, PTP ou GPS. Sem isso, o relógio é considerado não sincronizado
clock-source = Declara o que mantém o relógio certo. [padrão: ntp]
    .ntp = NTP
    .ptp = PTP
    .ssu = Uma Synchronization Supply Unit, ou um Building Integrated Timing Supply
    .gnss = GPS e outros, por satélite ou rádio
stateful =
    Conta as respostas de cada sessão

    Para que quem envia distinga as perdas na ida das perdas na volta
twamp-light =
    Responde também às requisições mais curtas do TWAMP Light

    As de no mínimo 41 bytes

## serve

about-serve = Responde a sondas: um refletor, com as degradações de rede que você quiser
    .examples =
        Exemplos:
          udping serve --loss 20%,0% --delay 50ms   perde na ida, atrasa na volta
          udping serve --bind 0.0.0.0 --allow 192.0.2.0/24
          udping serve --wire stamp --bind 0.0.0.0  reflete STAMP, na porta 862
bind =
    Onde escutar

    A porta 0 é qualquer uma livre. [porta padrão: 12000, com --wire stamp 862]
serve-wire =
    Formato das requisições, pelo nome

    `udping wires` mostra todos
    .textbook = O `Ping <seq> <hora>` da tarefa de programação
    .stamp = STAMP, o protocolo de medição da IETF (RFC 8762); também fala com TWAMP Light
reply =
    Resposta: echo, upper ou pong

    No formato textbook
    .echo = A requisição, byte por byte
    .upper = A requisição em maiúsculas, como faz o servidor do livro-texto
    .pong = Só `pong`
rate-limit =
    Requisições por segundo de uma origem, ou `off`

    Por padrão, sem limite em loopback e 1000 fora dele
total-limit =
    Requisições por segundo de todas as origens, ou `off`

    Por padrão, sem limite em loopback e 20000 fora dele
allow =
    Responde só a esta rede; pode ser repetida

    Como 192.0.2.0/24, ou a um endereço, até 32 vezes. Ela pode então usar qualquer porta de origem
no-guard =
    Desliga uma verificação, só em loopback; pode ser repetida

    Também no caminho de `udping path`
    .source-address = Sua origem é o endereço de um host
    .system-port = Sua porta de origem não é menor que 1024
    .own-port = Sua porta de origem não é a do próprio refletor
    .reflector-port = Sua porta de origem não é 862, 2112 nem 12000
    .rate-limit = O limite de cada origem
    .total-limit = O limite de todas as origens
    .echo-loop = Não é uma resposta nossa que volta vezes demais
    .reply-shaped = Não parece uma resposta STAMP
threads =
    Atende com N threads (Linux)

    As requisições de cada remetente vão para uma delas, e os limites são de cada uma
script =
    Faz com pacotes específicos o que ARQUIVO manda

    Uma linha para cada um, como `drop request 3`, `delay reply 4 1,3s`, ou com duplicate, corrupt ou reorder. O número é o do datagrama entre os da sua origem; em `path`, o do pacote entre todos os que vão no seu sentido. De `lesson-1.txt` a `lesson-13.txt`, os roteiros das lições do laboratório, não é preciso ter o arquivo
serve-verbose = Mostra uma linha para cada requisição
metrics =
    Dá ao Prometheus os contadores neste endereço

    Uma porta sozinha é uma em loopback. Em /metrics; /-/ready e /-/healthy dizem como vai
web-config =
    TLS e senhas para isso, na configuração web do Prometheus

    YAML: `tls_server_config` e `basic_auth_users`
user =
    Usuário que passa a ser depois de abrir as portas

    Um nome ou um número. Por padrão, root passa a ser nobody
own-name =
    O nome deste agente nos grupos em que os membros sondam uns aos outros

    Por padrão, o membro que tem um endereço deste host, e que não é sondado
no-sandbox =
    Dispensa a sandbox

    Nela nenhum programa pode ser iniciado, e só se abre aquilo de que a tarefa precisa: para responder, nada
tcp =
    Responde também por TCP, na mesma porta

    Uma linha para cada requisição, ou o que chegou antes de uma pausa de 50 ms. Cada perda vira ali um atraso, como pela retransmissão do TCP: 200 ms, dobrados a cada vez
serve-expect =
    Toma por requisição o que este modelo lê

    Como 'ping {"{"}seq{"}"} {"{"}any{"}"}': veja `udping wires`. Até quatro, tentados em ordem, cada um com o seu --answer. [padrão com um só --answer: qualquer coisa]
serve-answer =
    Responde como este modelo diz

    Como 'pong {"{"}seq{"}"}', ou {"{"}echo{"}"}, {"{"}upper{"}"}, {"{"}rest{"}"}, {"{"}byte:5=1{"}"}. Um que pode ser mais longo que a requisição exige loopback ou --allow
serve-heartbeat =
    Informa sobre heartbeats

    Quem os envia, o que falta e quem parou. Só com --answer são respondidos. Sem ele, o segundo valor das degradações é 0
silence =
    Quanto um cliente pode calar [padrão: 3 intervalos]

    E ao menos 3 s; 15 s enquanto só um heartbeat chegou
by =
    Distingue os clientes pelo socket ou pelo endereço

    Pelo endereço, um cliente que abre um socket novo a cada heartbeat é um só, e também todos os que estão atrás de um NAT
    .address = Pelo endereço
    .socket = Pelo endereço e pela porta

## compare

about-compare = Compara o UDP com o TCP, em conexões novas e em uma que se mantém
    .examples =
        Exemplos:
          udping serve --tcp --loss 20%   em um terminal
          udping compare 127.0.0.1        em outro
          udping path --delay 50ms,50ms -- udping compare {"{"}host{"}"}
compare-target =
    A quem perguntar: um nome ou endereço

    Com a porta se não for a 12000. Deve responder ali por UDP e TCP, como `udping serve --tcp`
compare-count = Quantas vezes, de cada modo; 0: sem parar
compare-interval =
    Inicia uma rodada a cada TEMPO

    Sem isso, cada uma segue a anterior
compare-timeout =
    Tempo para uma resposta chegar

    E valer: no TCP, incluindo a abertura da conexão
compare-linger = Por quanto tempo mais se espera uma tardia. [padrão: o timeout]
compare-size =
    Preenche cada requisição até este número de bytes

    Uma que já precisa de mais fica como é
no-line-end =
    Por TCP, envia as requisições sem fim de linha

    Um servidor então toma o que chegou pela requisição. As respostas valem com ou sem ele

## grade

about-grade =
    Julga um programa do exercício, em qualquer linguagem

    Redes roteirizadas, e o que ele escreve ao lado do que aconteceu. Só no Linux
    .examples =
        Exemplos:
          udping grade client -- python3 client.py {"{"}host{"}"} {"{"}port{"}"}
          udping grade client --build 'javac *.java' -- java Client {"{"}host{"}"} {"{"}port{"}"}
          udping grade client --only late -- ./client
          udping grade server --port 12000 -- python3 server.py
          udping grade class submissions -o results
grade-what =
    O que é avaliado: client, server, heartbeat, heartbeat-server ou class
    .client = Um cliente, em uma rede depois da outra
    .server = Um servidor, consultado de muitos modos
    .heartbeat = Quem envia heartbeats
    .heartbeat-server = Um servidor de heartbeats, que diz o que falta e quando param
    .class = Todas as entregas de uma turma
grade-submissions =
    Com class, a pasta em que cada entrega tem a sua
grade-program =
    O programa com seus argumentos, depois de `--`

    {"{"}host{"}"} e {"{"}port{"}"} são do avaliador; um cliente sem eles procura em 127.0.0.1:12000.
    Com class, o que executar se descobre pelos arquivos onde não é dito
grade-assignment =
    O enunciado: textbook, fixed-fields, java, ou um arquivo

    TOML: count, timeout, interval, wire, `accept_late`, `check_sender`, `padded_replies`, `print_each_ping`, printed, scenarios, points
grade-count =
    Quantos pings deve haver; 0 para qualquer número
grade-timeout =
    Quanto cada um espera por sua resposta
grade-folder =
    A pasta do programa, que roda em uma cópia dela
grade-build =
    Compila antes, como o shell lê, na cópia
grade-printed =
    Como é a linha de um ping, em uma expressão regular; pode ser repetida

    Com um grupo `rtt` é um tempo de ida e volta, sem ele uma perda; o grupo `ping` é seu número
grade-only =
    Tenta só um cenário; pode ser repetida
grade-listen =
    Escuta onde o programa procura, ou onde um servidor escuta
grade-env =
    Define HOST, PORT, `SERVER_HOST` e `SERVER_PORT`
grade-stdin =
    O que digitar onde o programa pergunta

    Com \n entre as linhas. [padrão sem TEXTO: {"{"}host{"}"}\n{"{"}port{"}"}\n]
grade-beat =
    Um heartbeat para um servidor, com {"{"}seq{"}"}, e {"{"}time{"}"} em segundos ou {"{"}ms{"}"}
grade-replace =
    Troca uma palavra dos fontes, na cópia

    Como `example.org={"{"}host{"}"}` ou `5000={"{"}port{"}"}`; pode ser repetida
grade-format =
    Como escrever os veredictos
    .text = Para pessoas
    .json = Um objeto: se passou, e os veredictos
    .junit = Como os executores de testes o escrevem
    .gradescope = O results.json do Gradescope
    .classroom50 = O result.json do Classroom50
grade-report =
    Grava uma página com os veredictos, nos dois idiomas
grade-journals =
    Grava cada cenário de um cliente em um arquivo, para replay e view

    O que um cliente certo decide sobre os mesmos pacotes, ao lado do que foi escrito. Com class,
    são gravados sempre
grade-output =
    Com class, aonde vão os resultados

    Uma tabela, e uma página e JSON para cada uma; o que já está lá não é avaliado de novo
grade-jobs =
    Com class, quantas entregas são avaliadas ao mesmo tempo
grade-serial =
    Um cenário depois do outro

## monitor

about-monitor =
    Mede muitos alvos de uma vez, sem fim

    Uma configuração em TOML, ou hosts. Só no Linux
    .examples =
        Exemplos:
          udping monitor frota.toml
          udping monitor frota.toml --check
          udping monitor -i 200ms 192.0.2.1 192.0.2.2:862
monitor-targets =
    A configuração, um arquivo cujo nome termina em .toml; ou hosts

    Ela é relida a cada SIGHUP, e quando muda
monitor-check = Lê a configuração, diz o que está errado nela, e termina
monitor-interval =
    Envia uma a cada alvo a cada TEMPO

    Esta opção e as seguintes são o que a configuração deixa em aberto
monitor-listen =
    Dá ao Prometheus as medidas neste endereço

    Uma porta sozinha é uma em loopback; sem porta, é a 9862. Em /metrics; /-/ready e /-/healthy dizem como vai
otlp =
    Envia as medidas a um coletor do OpenTelemetry

    OTLP sobre HTTP, como http://127.0.0.1:4318; cabeçalhos, certificados e o intervalo como dizem `OTEL_EXPORTER_OTLP_HEADERS` e as demais
otlp-headers =
    Envia estes cabeçalhos com elas

    Um arquivo com `name=value` em cada linha, que só o dono e o grupo podem ler
native-histograms =
    Dá aos histogramas também os intervalos nativos

    Onde o Prometheus pede protobuf, e por OTLP
monitor-wire =
    Formato das sondas, pelo nome

    `udping wires` mostra todos
    .textbook = O `Ping <seq> <hora>` da tarefa de programação
    .stamp = STAMP, o protocolo de medição da IETF (RFC 8762); também fala com TWAMP Light
monitor-deadline = Encerra depois deste tempo
monitor-journal =
    Grava tudo, em gravações nesta pasta

    Uma para cada sessão com um alvo
monitor-view =
    Mostra todos os alvos no navegador, ao vivo

    Uma linha para cada um; o nome abre o laboratório naquele alvo. Nada sai desta máquina
excerpts =
    Grava os últimos minutos de um alvo, quando algo acontece

    Nesta pasta: quando uma queda começa, quando a perda ou o RTT aumenta como diz a configuração, e de todos os alvos a cada SIGUSR1
excerpts-max =
    Guarda no máximo TAMANHO dessas gravações

    Como 100M ou 2G; as mais antigas dão lugar

## path

about-path =
    Executa um comando e um servidor em um caminho só deles, com degradações

    Quem passa por elas é o TCP, o UDP e o ICMP do próprio sistema. Só no Linux
    .examples =
        Exemplos:
          udping path --delay 50ms,50ms -- udping compare {"{"}host{"}"}
          udping path --loss 10%,10% --seed 1 -- udping {"{"}host{"}"} -c 20
          udping path --server 'python3 server.py' -- python3 client.py {"{"}host{"}"}
path-command =
    O que executar, com seus argumentos; {"{"}host{"}"} é o endereço do servidor

    Ou seja, 10.0.0.2; por IPv6 há `fd00::2`
path-server =
    O que executar na outra ponta, como o shell o lê

    Por padrão, `udping serve --tcp`, na porta 12000, sem limites
path-verbose =
    Mostra na saída de erros o que o servidor escreve

    O que um servidor que não é o padrão escreve sempre aparece

## heartbeat

about-heartbeat =
    Envia heartbeats, em um só sentido: um número e a hora

    Para `udping serve --heartbeat` ou o servidor da tarefa de programação
    .examples =
        Exemplos:
          udping serve --heartbeat           em um terminal
          udping heartbeat 127.0.0.1 -i 1s   em outro
heartbeat-target =
    A quem enviar: um nome ou endereço

    Com a porta se não for a 12000
heartbeat-count = Quantos enviar; 0: sem parar
heartbeat-interval = Envia um a cada TEMPO
heartbeat-deadline = Encerra depois deste tempo
heartbeat-size =
    Preenche cada heartbeat até este número de bytes

    Um que já precisa de mais fica como é
heartbeat-request =
    Envia heartbeats como diz este modelo

    Como 'Heartbeat {"{"}seq{"}"} {"{"}time{"}"}': veja `udping wires`. [padrão: '{"{"}seq{"}"} {"{"}time{"}"}', com seis casas decimais]

## Degradações

loss = Pacotes que se perdem, como 30% ou 0.3
delay = Quanto cada pacote demora
jitter =
    Variação dos atrasos, para mais e menos

    Com distribuição uniforme
duplicate = Pacotes que chegam duas vezes
reorder =
    Pacotes retidos por 50 ms

    Para que os seguintes os ultrapassem
seed =
    Semente do sorteio. [padrão: uma ao acaso]

    A mesma semente repete os mesmos problemas

## completions, man

about-completions = Mostra o que um shell precisa para completar as opções
    .examples =
        Exemplos:
          source <(udping completions bash)
          udping completions zsh > ~/.zfunc/_udping
          udping completions fish > ~/.config/fish/completions/udping.fish
          udping completions powershell >> $PROFILE
shell = O shell
about-man = Mostra uma página do manual, ou grava todas
    .examples =
        Exemplos:
          udping man | man -l -
          udping man serve | man -l -
          udping man --out ~/.local/share/man/man1
man-command = O comando da página; por padrão, o próprio udping
out = Grava todas as páginas nesta pasta

## demo, replay, simulate, view

about-demo = Veja funcionar: um refletor com perdas e dez sondas até ele, só nesta máquina
demo-journal =
    Onde escrever a gravação. [padrão: udping-demo.jsonl]

    Onde a pasta não permite gravar, por padrão não há gravação
about-replay =
    Confere as decisões de uma gravação, ou testa outro timeout

    As decisões são refeitas e comparadas
    .examples =
        Exemplos:
          udping replay ARQUIVO            refaz as decisões e compara
          udping replay ARQUIVO -W 200ms   o que outro timeout teria mudado
replay-file = A gravação; - para a entrada padrão
replay-json = Mostra o que foi encontrado como JSON, um objeto por sessão
replay-timeout = Decide de novo como se este tivesse sido o timeout
about-merge =
    Põe lado a lado a gravação de uma sessão e a do seu servidor

    Onde se deu cada perda, e como se divide cada tempo de ida e volta
    .examples =
        Exemplos:
          udping serve --journal SERVIDOR         em um terminal
          udping HOST --journal CLIENTE           em outro
          udping merge CLIENTE SERVIDOR -o AMBAS  depois, com as duas gravações
merge-client = A gravação do cliente, como --journal a escreveu
merge-server = A do servidor, como `udping serve --journal` a escreveu
merge-output = Onde escrever a gravação das duas pontas
about-simulate = Executa cliente, rede e servidor em tempo virtual
    .examples =
        Exemplos:
          udping simulate --loss 10% --delay 20ms --seed 7
          udping simulate -c 1000 -i 10ms --jitter 5ms -q
          udping simulate --loss 30% --script-out ARQUIVO   para udping serve --script
service = Quanto o servidor demora com uma requisição
simulate-wire =
    Formato das sondas, pelo nome

    `udping wires` mostra todos. O servidor do STAMP informa os seus tempos
    .textbook = O `Ping <seq> <hora>` da tarefa de programação
    .stamp = STAMP, o protocolo de medição da IETF (RFC 8762); também fala com TWAMP Light
simulate-journal =
    Grava tudo em ARQUIVO, como JSON Lines

    - é a saída padrão, no lugar do relatório
script-out =
    Escreve em ARQUIVO o que aconteceu com cada pacote

    Como um roteiro, para que `udping serve --script ARQUIVO` faça o mesmo com um cliente de verdade
about-wires = Lista os formatos, ou lê bytes como diz um modelo
    .examples =
        Exemplos:
          udping wires
          udping wires --check 'ping {"{"}seq{"}"} {"{"}time:ms{"}"}' 'ping 3 1700000000123'
          udping wires --hex --check '{"{"}len:u16be{"}"}PING {"{"}seq{"}"}' 000650494e472033
check =
    Lê bytes como diz este modelo, campo por campo

    Código de saída 1 se não forem assim. As partes são {"{"}seq{"}"}, {"{"}int{"}"}, {"{"}time{"}"}, {"{"}token{"}"}, {"{"}text:N{"}"}, {"{"}pad:N{"}"}, {"{"}len:u16be{"}"}, {"{"}url:PARTE{"}"}, {"{"}word{"}"} e {"{"}any{"}"}
wires-bytes = Os bytes a ler, como texto. [padrão: a entrada padrão]
hex = Os bytes estão em hexadecimal
about-view =
    Abre o laboratório no navegador: reproduzir, simular, aprender

    Nada sai desta máquina
view-file = A gravação que ele deve abrir
follow =
    Acompanha uma gravação que ainda está sendo escrita

    Também através das suas partes (--journal-max), ou de um pipe nomeado.
listen =
    Deixa outros na rede olharem, neste endereço

    Um desta máquina. Podem abrir a página e aquilo em que ela foi aberta, e não mudar nada. Nada é criptografado.
port =
    A porta do servidor do laboratório

    0 é qualquer uma livre. [padrão: 12080, ou a próxima livre]
no-open = Com --view, só mostra o endereço
view-at = Abre a gravação neste momento, contado do seu início
view-no-open = Só mostra o endereço
