# As lições da sala Aprender. `código`, [palavras](term) do glossário, números de RFC: web/engine/src/lesson/prose.rs.

## 1. O primeiro ping

learn-first-ping = O primeiro ping
learn-first-ping-aim = Ao final: o que é o tempo de viagem de ida e volta, qual relógio o mede e quando sai o próximo ping.
learn-first-ping-1 = Um cliente põe um texto curto, `Ping 1 <hora>`, em um [datagrama](datagram), anota a hora e o envia. Nenhuma [conexão](connection) foi aberta antes: o UDP não tem conexões. O tempo corre para baixo.
learn-first-ping-1-after = A [sonda](probe) está a caminho: { $request-delay } de ida, { $reply-delay } de volta. Ninguém informa esses números ao cliente.
learn-first-ping-2 = O servidor devolve o que chegar. O do livro passa antes as letras para maiúsculas (Kurose & Ross §2.7), e o do enunciado responde com uma mensagem `pong`: compare o número da resposta, nunca todos os bytes.
learn-first-ping-2-ask = Qual [tempo de viagem de ida e volta (RTT)](rtt) o cliente vai imprimir?
learn-first-ping-2-a = { $request-delay }
learn-first-ping-2-a-why = Isso é só a ida. O cliente não vê quando a sonda chegou.
learn-first-ping-2-b = { $half-guess }
learn-first-ping-2-b-why = A metade do RTT é um palpite sobre um dos sentidos e, aqui, errado para os dois.
learn-first-ping-2-c = { $rtt }
learn-first-ping-2-c-why = Ida e volta, que o cliente vê como uma espera só.
learn-first-ping-2-after = O RTT é a hora da chegada menos a do envio, ambas no relógio do cliente: lidas logo antes do `sendto` e logo depois que o `recvfrom` retorna (RFC 2681 §2.4). Ele contém a ida, o tempo do servidor e a volta; o relógio do servidor não entra na conta.
learn-first-ping-3 = Este cliente envia um ping depois do outro, como pede o enunciado: [pare e espere](stop-and-wait).
learn-first-ping-3-ask = Quando sai o próximo ping?
learn-first-ping-3-a = Um segundo depois do primeiro
learn-first-ping-3-a-why = Esse é o ritmo do `ping` do sistema. O segundo do enunciado é o máximo que o cliente espera por uma resposta.
learn-first-ping-3-b = Quando chega a resposta
learn-first-ping-3-b-why = A resposta encerra a espera.
learn-first-ping-3-c = Junto com o primeiro
learn-first-ping-3-c-why = Haveria vários [em trânsito](in-flight) ao mesmo tempo, como no `udping -f`. Não é pare e espere.
learn-first-ping-3-after = Uma sonda em trânsito por vez. Só sem resposta o cliente espera o [timeout](timeout) inteiro.
learn-first-ping-4 = Uma mensagem aqui tem { $message } bytes. O UDP põe o seu cabeçalho antes dela, e o IP, os { $ip-header } bytes dele antes disso (RFC 791 §3.1).
learn-first-ping-4-ask = Quantos bytes tem o cabeçalho do UDP?
learn-first-ping-4-a = Nenhum: o UDP não acrescenta nada
learn-first-ping-4-a-why = Sem os números de [porta](port) o datagrama chegaria à máquina, mas a nenhum programa.
learn-first-ping-4-b = { $tcp-header } bytes
learn-first-ping-4-b-why = Esse é o do TCP, no mínimo: com números de sequência, flags e uma janela (RFC 9293 §3.1).
learn-first-ping-4-c = { $udp-header } bytes
learn-first-ping-4-c-why = Duas portas, comprimento e soma de verificação, dois bytes cada (RFC 768).
learn-first-ping-4-after = { $ip-header } + { $udp-header } + { $message } = { $packet } bytes por pacote. Três trocas são { $packets } pacotes, { $bytes } bytes e três RTTs: { $finished }.
learn-first-ping-task = Faça cada RTT ser exatamente { $goal-1 }, com a maior parte na ida.
learn-first-ping-task-hint = O RTT é a soma dos dois atrasos.
learn-first-ping-task-done = Qualquer outra divisão de { $goal-1 } imprimiria o mesmo. O RTT não diz qual sentido demorou mais: lição { $lesson-delay }.
learn-first-ping-goal-rtt = Cada RTT é { $goal-1 }
learn-first-ping-goal-there = A ida leva { $goal-2 } ou mais
learn-first-ping-real = { $replies } respostas, cada uma pouco mais de { $rtt } depois do seu ping: os dois atrasos e o que a sua máquina gasta por conta própria.

## 2. Um servidor que recebe UDP

learn-udp-server = Um servidor que recebe UDP
learn-udp-server-aim = Ao final: como escrever um servidor UDP, por que um só socket basta para todos os clientes e do que um servidor TCP precisa além disso.
learn-udp-server-1 =
    Um servidor UDP em Python tem quatro linhas: `s = socket(AF_INET, SOCK_DGRAM)`, `s.bind(('', 12000))` e, num laço infinito, `dados, endereco = s.recvfrom(2048)` e `s.sendto(dados, endereco)`.

    À esquerda ele atende três clientes, que começam com { $apart } de diferença entre si. À direita os mesmos três usam TCP.
learn-udp-server-1-after = O `bind` deu ao [socket](socket) uma [porta](port) que os clientes conhecem. O `recvfrom` acabou de retornar o datagrama de A, com o endereço de onde ele veio. Ninguém chamou `listen` nem `accept`.
learn-udp-server-2 = Chegam também os datagramas de B e de C. O servidor UDP responde aos três pelo seu único socket.
learn-udp-server-2-ask = Como ele sabe para onde vai cada resposta?
learn-udp-server-2-a = A conexão leva de volta ao cliente
learn-udp-server-2-a-why = Essa é a resposta do TCP. No UDP não há conexão.
learn-udp-server-2-b = O `recvfrom` retornou o endereço do remetente
learn-udp-server-2-b-why = O endereço e a porta do remetente estão nos cabeçalhos de cada datagrama (RFC 768).
learn-udp-server-2-c = O cliente escreve o endereço dele na mensagem
learn-udp-server-2-c-why = Os cabeçalhos já o trazem. Atrás de um roteador que traduz endereços (NAT), o do texto estaria até errado.
learn-udp-server-2-after = Um `sendto` por requisição, para o endereço que veio com ela. Troque dois, e A recebe a resposta de B: o UDP não reclama.
learn-udp-server-3 = À direita o terceiro handshake acabou de terminar.
learn-udp-server-3-ask = Quantos sockets tem o servidor UDP, e quantos o servidor TCP?
learn-udp-server-3-a = { $udp } e { $tcp }
learn-udp-server-3-a-why = Todos os datagramas para a porta esperam em uma fila só, não importa quem os enviou: o UDP acha o socket só pelo endereço e pela porta de destino (Kurose & Ross §3.2).
learn-udp-server-3-b = { $clients } e { $clients }
learn-udp-server-3-b-why = Um socket UDP está associado a uma porta, não a um cliente. E o servidor TCP tem um a mais, o que escuta.
learn-udp-server-3-c = { $tcp } e { $tcp }
learn-udp-server-3-c-why = Essa é a conta do servidor TCP. O UDP não tem conexões, nem um socket só para escutar.
learn-udp-server-3-after = O TCP tem um socket que escuta e um por [conexão](connection) cujo handshake terminou, entregue pelo `accept` (Kurose & Ross §2.7). Até o ACK chegar, a conexão está meio aberta, em uma fila do kernel (RFC 9293 §3.5). Todos usam a porta do servidor; o TCP os distingue pelo endereço e pela porta das duas pontas.
learn-udp-server-4 = Os clientes já têm o que queriam. À direita cada um fecha a sua conexão; à esquerda os programas simplesmente terminam.
learn-udp-server-4-ask = O que o servidor UDP percebe disso?
learn-udp-server-4-a = O `recvfrom` retorna um datagrama vazio
learn-udp-server-4-a-why = É assim que o TCP avisa o fim: `recv` retorna zero bytes. Um datagrama vazio é um que alguém enviou.
learn-udp-server-4-b = O `recvfrom` falha com um erro
learn-udp-server-4-b-why = Nada chega, então nada retorna. Só se o servidor enviar algo a um cliente que já saiu pode voltar uma mensagem [ICMP](icmp) (RFC 1122 §4.1.3.1).
learn-udp-server-4-c = Absolutamente nada
learn-udp-server-4-c-why = Ninguém se conectou, então ninguém pode sair.
learn-udp-server-4-after = Um cliente em silêncio e um que já saiu são indistinguíveis. Para saber quem ainda está lá, um servidor UDP precisa de sinais de vida: lição { $lesson-heartbeat }.
learn-udp-server-task = Com quantos clientes simultâneos o servidor TCP precisa de { $goal-2 } sockets?
learn-udp-server-task-hint = Um socket escuta. Cada conexão tem o seu.
learn-udp-server-task-done = Um por conexão, e o que escuta. O UDP respondeu a todos com um só.
learn-udp-server-goal-udp = O servidor UDP nunca tem mais de um socket
learn-udp-server-goal-tcp = O servidor TCP chega a ter { $goal-2 } sockets
learn-udp-server-real = Com `-v` o servidor imprime uma linha por requisição, com o endereço e a porta de onde ela veio. Cada execução do segundo comando dura { $lasts }: inicie-o em vários terminais nesse tempo. Cada um tem a sua porta, que o sistema escolheu no primeiro envio.

## 3. Uma requisição por UDP e por TCP

learn-udp-and-tcp = Uma requisição por UDP e por TCP
learn-udp-and-tcp-aim = Ao final: quantos pacotes, bytes e RTTs custa uma requisição por UDP, por uma conexão TCP nova e por uma persistente, e o que uma perda causa em cada uma.
learn-udp-and-tcp-1 = A mesma requisição e a mesma resposta, de três maneiras. À esquerda, por UDP; no meio, por TCP com uma conexão nova a cada vez; à direita, por uma única conexão TCP persistente. Cada pacote leva 50 ms. Antes de enviar uma requisição, um cliente TCP abre a conexão com um [handshake](handshake), a apresentação de três vias: vai um SYN, volta um SYN-ACK e vai o ACK (RFC 9293 §3.5).
learn-udp-and-tcp-1-ask = O cliente UDP tem a primeira resposta depois de 100 ms. Quando o do meio tem a dele?
learn-udp-and-tcp-1-a = Também depois de 100 ms
learn-udp-and-tcp-1-a-why = Para isso a requisição teria de sair já no primeiro pacote. O handshake vem antes dela.
learn-udp-and-tcp-1-b = Depois de 200 ms
learn-udp-and-tcp-1-b-why = Um RTT para o handshake e outro para a requisição.
learn-udp-and-tcp-1-c = Depois de 300 ms
learn-udp-and-tcp-1-c-why = O terceiro pacote do handshake, o ACK, não custa uma viagem a mais: a requisição sai logo atrás dele.
learn-udp-and-tcp-1-after = Uma conexão nova custa dois RTTs onde o UDP gasta um.
learn-udp-and-tcp-2 = A conexão da direita continua aberta. O cliente dela envia a segunda requisição.
learn-udp-and-tcp-2-ask = Quanto tempo o cliente da direita espera pela segunda resposta?
learn-udp-and-tcp-2-a = 100 ms
learn-udp-and-tcp-2-a-why = O custo do handshake é pago uma vez só. Depois disso uma requisição custa um RTT, como no UDP.
learn-udp-and-tcp-2-b = 200 ms
learn-udp-and-tcp-2-b-why = Isso é o que o cliente do meio paga, todas as vezes.
learn-udp-and-tcp-2-c = 150 ms
learn-udp-and-tcp-2-c-why = A resposta é confirmada, mas ninguém espera por isso: o ACK viaja enquanto a próxima requisição já está a caminho.
learn-udp-and-tcp-2-after = É por isso que o HTTP sobre TCP mantém as conexões abertas, e que o DNS, com uma pergunta curta por vez, usa quase sempre UDP. O HTTP/3 também vai por UDP: ali o QUIC faz o trabalho do TCP, no programa (RFC 9000).
learn-udp-and-tcp-3 = Três trocas para cada um, até o fim. Por UDP uma troca são dois pacotes. Em uma conexão nova há um handshake antes, a resposta é confirmada e a conexão é fechada.
learn-udp-and-tcp-3-ask = Aqui, quantos pacotes custa uma requisição com sua resposta em uma conexão nova?
learn-udp-and-tcp-3-a = 2
learn-udp-and-tcp-3-a-why = Isso é o que os programas veem: uma requisição, uma resposta. O resto é trabalho do próprio TCP.
learn-udp-and-tcp-3-b = 4
learn-udp-and-tcp-3-b-why = Só o handshake já são três, e depois vêm a requisição e a resposta.
learn-udp-and-tcp-3-c = 6
learn-udp-and-tcp-3-c-why = São o handshake, a requisição, a resposta e o ACK dela. Ainda falta fechar a conexão.
learn-udp-and-tcp-3-d = 9
learn-udp-and-tcp-3-d-why = SYN, SYN-ACK, ACK; requisição, resposta, ACK; FIN, FIN-ACK, ACK.
learn-udp-and-tcp-3-after =
    UDP: 6 pacotes, 360 bytes, 3 RTTs. Conexões novas: 27 pacotes, 1272 bytes, 6 RTTs. Conexão persistente: 15 pacotes, 792 bytes, 4 RTTs. Um cabeçalho TCP tem no mínimo 20 bytes (RFC 9293 §3.1), o do UDP tem 8 (RFC 768).

    O modelo não usa opções e fecha com três pacotes; o Linux costuma usar quatro (RFC 9293 §3.6). Por outro lado, confirma cada resposta com um pacote só para isso, quando um cliente real deixa a próxima requisição confirmar.
learn-udp-and-tcp-4 = De novo desde o início, e agora a requisição 2 [se perde](loss): por UDP, à esquerda, e pela conexão persistente, à direita. Nenhum dos clientes é avisado.
learn-udp-and-tcp-4-ask = O que os dois programas veem?
learn-udp-and-tcp-4-a = Os dois veem uma perda
learn-udp-and-tcp-4-a-why = O TCP não avisa de perda nenhuma. Ele prometeu ao programa que todo byte chega, e tenta de novo por conta própria (Kurose & Ross §3.5).
learn-udp-and-tcp-4-b = O TCP reenvia na hora, e o programa não percebe nada
learn-udp-and-tcp-4-b-why = Nada avisa o TCP. Se outros segmentos viessem atrás, três ACKs duplicados avisariam (retransmissão rápida, RFC 5681 §3.2); um segmento sozinho tem de esperar o temporizador de [retransmissão](retransmission).
learn-udp-and-tcp-4-c = UDP: silêncio até o timeout. TCP: a resposta, com cerca de um segundo de atraso
learn-udp-and-tcp-4-c-why = No UDP uma perda é silêncio. No TCP é atraso.
learn-udp-and-tcp-4-after = À esquerda o ping 2 deu timeout depois de um segundo, e o que fazer fica a cargo do programa. À direita o [tempo limite de retransmissão](rto) venceu depois de um segundo, o mínimo da RFC 6298 §2.4 (o Linux, em vez disso, soma ao RTT pelo menos 200 ms: aqui, uns 300), e a [retransmissão](retransmission) foi respondida. O programa teve a resposta depois de 1,1 s e nunca fica sabendo por quê.
learn-udp-and-tcp-task = Descarte pacotes para que uma resposta por TCP leve 3 s ou mais e, mesmo assim, as três cheguem.
learn-udp-and-tcp-task-hint = A cada timeout o TCP espera o dobro (RFC 6298 §5.5): 1 s, depois 2 s. Descarte a requisição e descarte-a de novo quando for reenviada.
learn-udp-and-tcp-task-done = 1 s, depois 2 s, depois a ida e volta. Tudo o que o programa vê é uma resposta que demorou.
learn-udp-and-tcp-goal-slow = Uma resposta por TCP leva 3 s ou mais
learn-udp-and-tcp-goal-all = As três respostas por TCP chegam
learn-udp-and-tcp-real =
    Por UDP se perdem duas das dez requisições, cada uma um segundo de silêncio. Por TCP as vinte são respondidas, duas delas 200 ms mais tarde: o `serve` não pode perder um segmento do TCP do seu sistema e, por isso, segura a resposta pelo tempo que o Linux esperaria. O atraso também é do próprio `serve`, e o handshake do sistema não custa quase nada: aqui uma conexão nova parece tão rápida quanto o UDP, e não é.

    No Linux, o último comando faz isso sem imitação: cliente e servidor têm um caminho só deles, em que cada pacote leva o seu tempo e o TCP do seu sistema perde os segmentos. O segundo pacote a sair é o SYN da primeira conexão nova. Ele se perde e é retransmitido depois de um segundo (RFC 6298 §2.1); por isso essa resposta demora 1,2 s. Na maioria dos contêineres, o `udping path` não é permitido, e diz isso.

## 4. Como se calcula o atraso

learn-delay = Como se calcula o atraso
learn-delay-aim = Ao final: os quatro instantes de uma troca, quais medidas usam um relógio só e quais usam dois, e por que a metade do RTT é um palpite.
learn-delay-1 = Aqui a ida leva 30 ms, o servidor leva 20 ms para processar e a volta leva 50 ms. Quatro instantes importam: T1, o cliente envia; T2, o servidor recebe; T3, o servidor envia; T4, o cliente recebe. T1 e T4 são lidos no relógio do cliente, T2 e T3 no do servidor. As respostas do STAMP trazem T2 e T3 (RFC 8762 §4); a mensagem do enunciado, não.
learn-delay-1-after =
    T4 − T1 = 100 ms é o [RTT](rtt) (RFC 2681 §2.4). T3 − T2 = 20 ms é o [tempo do servidor](server-time). O que sobra, δ = (T4 − T1) − (T3 − T2) = 80 ms, é o tempo na rede (RFC 5905 §8). Cada diferença usa um relógio só.

    O θ, a estimativa de quanto o relógio do servidor está adiantado, já erra: mostra −10 ms para relógios sincronizados, porque supõe que a ida e a volta demoram o mesmo. Isso volta daqui a pouco.
learn-delay-2 = A mesma troca de novo, mas agora o relógio do servidor está 500 ms adiantado. Nenhum dos lados sabe disso.
learn-delay-2-ask = Qual medida muda com isso?
learn-delay-2-a = O RTT, T4 − T1
learn-delay-2-a-why = Os dois instantes são lidos no relógio do cliente. O que o relógio do servidor mostra não importa.
learn-delay-2-b = T2 − T1, a ida
learn-delay-2-b-why = Ela usa um instante de cada relógio, então a diferença entre os relógios fica dentro dela.
learn-delay-2-c = O tempo do servidor, T3 − T2
learn-delay-2-c-why = Os dois instantes estão 500 ms adiantados, e isso se cancela.
learn-delay-2-after = T2 − T1 diz 530 ms. T4 − T3 diz −450 ms: uma resposta que chega antes de ter sido enviada. RTT, tempo do servidor e δ ficam como estavam. A estimativa da [diferença entre os relógios](clock-offset), θ = ((T2 − T1) + (T3 − T4)) ÷ 2, diz 490 ms: nunca erra por mais de δ ÷ 2 = 40 ms, e aqui erra por 10.
learn-delay-3 = Os relógios voltam a ficar sincronizados. O cliente sabe que a rede levou δ = 80 ms nos dois sentidos juntos.
learn-delay-3-ask = A ida levou 40 ms?
learn-delay-3-a = Sim, a metade
learn-delay-3-a-why = Só se os dois sentidos demorarem o mesmo. Mas as rotas diferem, as filas diferem (Kurose & Ross §1.4), e muitas conexões residenciais enviam bem mais devagar do que recebem.
learn-delay-3-b = Sim, se o relógio do cliente for preciso o bastante
learn-delay-3-b-why = Precisão não ajuda. T1 e T4 dão a soma dos dois sentidos, não importa com quantas casas decimais.
learn-delay-3-c = Só com o RTT não dá para saber
learn-delay-3-c-why = É preciso um relógio no servidor sincronizado com o do cliente (RFC 7679).
learn-delay-3-after = Foram 30 ms de ida e 50 ms de volta: a metade erra 10 ms, para mais em um sentido, para menos no outro. Um [atraso em um sentido](one-way-delay) vale tanto quanto a sincronização de dois relógios.
learn-delay-4 = Enquanto o ping 2 está em trânsito, o relógio do sistema (data e hora) é atrasado em 200 ms, pelo NTP ou manualmente.
learn-delay-4-ask = O que imprime um cliente que lê os dois instantes com `time.time()`?
learn-delay-4-a = −100 ms
learn-delay-4-a-why = Passaram 100 ms, e o relógio voltou 200.
learn-delay-4-b = 100 ms
learn-delay-4-b-why = `time.time()` é o relógio do sistema, e ele foi alterado. Nada corrige isso na diferença.
learn-delay-4-c = 300 ms
learn-delay-4-c-why = O relógio voltou, então a segunda leitura é a menor, não a maior.
learn-delay-4-after = O cliente mostrado aqui diz 100 ms, porque usa um [relógio monotônico](monotonic-clock), que só anda para a frente: em Python, `time.perf_counter()` ou `time.monotonic()`, que no Linux é o mesmo relógio, mas no Windows foi grosseiro por muito tempo (16 ms); `System.nanoTime()` em Java, `Instant` em Rust. As leituras em Python são em segundos: vezes 1000, são milissegundos. O relógio do sistema serve para dizer a data às pessoas.
learn-delay-task = Mantenha o RTT em 100 ms e faça acontecer duas coisas: T2 − T1 negativo e metade de δ diferente da ida em 20 ms ou mais.
learn-delay-task-hint = Um relógio de servidor atrasado deixa T2 pequeno. Mantenha a soma dos dois atrasos em 80 ms.
learn-delay-task-done = Um pacote parece chegar antes de ser enviado, a metade do RTT está longe da verdade, e o RTT continua exato: ele só precisa de um relógio, e de nenhum palpite.
learn-delay-goal-negative = T2 − T1 é negativo
learn-delay-goal-rtt = O RTT é de 100 ms
learn-delay-goal-half = δ ÷ 2 difere da ida em 20 ms ou mais
learn-delay-real = As respostas do STAMP trazem T2 e T3, então o resumo distingue os sentidos: 30 ms de ida, 50 ms de volta. Aqui as duas pontas leem o mesmo relógio e, mesmo assim, a estimativa diz que o do servidor está uns 10 ms atrasado, com margem de 40 ms: ela supõe que a ida e a volta demoram o mesmo.

## 5. O timeout

learn-timeout = O timeout
learn-timeout-aim = Ao final: por que uma requisição perdida, uma resposta perdida, uma resposta tardia e um servidor desligado parecem iguais ao cliente, e como um prazo fixo encerra cada espera.
learn-timeout-1 = Cinco pings, com um segundo para cada resposta (Kurose & Ross §2.7). O ping 1 dá certo. O ping 2 se perde a caminho do servidor.
learn-timeout-1-ask = Quando o cliente fica sabendo dessa perda?
learn-timeout-1-a = Quando a rede avisa
learn-timeout-1-a-why = Um roteador que descarta um pacote porque a fila está cheia não avisa ninguém.
learn-timeout-1-b = Nunca. É ele que decide, quando o prazo que ele mesmo fixou vence
learn-timeout-1-b-why = Depois de um segundo ele para de esperar e conta o ping 2 como perdido. Isso é uma decisão, não uma observação.
learn-timeout-1-c = Quando a resposta 3 chega sem a resposta 2
learn-timeout-1-c-why = Como se envia um de cada vez, o ping 3 só sai depois que o 2 termina. E uma resposta que falta pode ser só [tardia](late).
learn-timeout-1-after = O ping 2 saiu no instante 0,1 s; o [prazo](deadline) dele vencia no instante 1,1 s. Só agora sai o ping 3.
learn-timeout-2 = O ping 3 chega ao servidor. A resposta é que se perde.
learn-timeout-2-ask = Como o cliente distingue isso do que aconteceu com o ping 2?
learn-timeout-2-a = De jeito nenhum
learn-timeout-2-a-why = Nas duas vezes ele não recebe nada. Só nós, que vemos os dois lados, sabemos a diferença.
learn-timeout-2-b = Pelo número de sequência
learn-timeout-2-b-why = O [número](sequence-number) diz a que ping uma resposta responde. Aqui não há resposta para ler o número.
learn-timeout-2-c = Esperando mais
learn-timeout-2-c-why = Um silêncio mais longo continua sendo silêncio.
learn-timeout-2-after = É por isso que o que um ping mede se chama [perda](loss) de ida e volta (RFC 6673): ela não diz em que sentido.
learn-timeout-3 = A resposta 4 fica presa no caminho e leva 1,3 s ao todo. O ping 4 foi considerado perdido no instante 3,1 s; a resposta chega no instante 3,4 s.
learn-timeout-3-ask = O que é o ping 4, então?
learn-timeout-3-a = Respondido, no fim das contas
learn-timeout-3-a-why = Nesse caso a perda dependeria de quanto tempo se continua ouvindo. O prazo era de um segundo, e passou.
learn-timeout-3-b = Nada. A resposta vale para o ping 5, que está em trânsito
learn-timeout-3-b-why = Esse é o erro clássico dos clientes feitos para esta tarefa: lição 6. A resposta diz a que ping ela responde.
learn-timeout-3-c = Perdido, com resposta tardia
learn-timeout-3-c-why = Perdido para esta medição, e com uma [resposta tardia](late) conhecida, cujo RTT real é 1,3 s.
learn-timeout-3-after = Um ping sem resposta dentro do timeout escolhido não tem RTT (RFC 2681 §2.4). Mas vale a pena contar as respostas tardias à parte: muitas delas indicam uma rede lenta e um timeout curto, não uma rede que perde.
learn-timeout-4 = O ping 5 chegou a um servidor que nesse meio-tempo foi desligado. A resposta tardia 4 chegou enquanto o cliente esperava a resposta 5.
learn-timeout-4-ask = O ping 5 saiu no instante 3,1 s. Até quando o cliente espera por ele?
learn-timeout-4-a = Até 4,1 s
learn-timeout-4-a-why = Um único prazo, fixado quando o ping 5 foi enviado.
learn-timeout-4-b = Até 4,4 s, um segundo depois do último pacote
learn-timeout-4-b-why = É o que acontece com clientes que dão um segundo inteiro a cada `recvfrom`: cada pacote que chega dá mais um segundo ao ping.
learn-timeout-4-c = Parou de esperar quando chegou a resposta 4
learn-timeout-4-c-why = Chegou um pacote, mas ele não responde ao ping 5. O cliente espera pelo resto do tempo.
learn-timeout-4-after = Quatro pings sem resposta a tempo, por quatro motivos diferentes, e para o cliente os quatro são um só: timeout. Há uma exceção. Se a máquina está ligada e nenhum programa usa a porta, ela deve responder com [ICMP](icmp) “porta inacessível (port unreachable)” (RFC 1122 §4.1.3.1). No Linux só um socket que chamou `connect` fica sabendo, como `ConnectionRefusedError`; no Windows qualquer socket, como `ConnectionResetError` no `recvfrom`, o que derruba o programa de muita gente: trate essa exceção.
learn-timeout-task = Sem a sua intervenção, os quatro pings seriam respondidos. Intervenha nos pacotes para que uma requisição se perca, uma resposta se perca, uma resposta chegue tarde e um ping seja respondido a tempo.
learn-timeout-task-hint = Avance até um momento em que o pacote esteja em trânsito e escolha o que acontece com ele. Uma resposta atrasada em 1,2 s chega tarde demais.
learn-timeout-task-done = Três pings deram timeout, e os números do cliente não distinguem os dois primeiros.
learn-timeout-goal-request = Uma requisição se perde
learn-timeout-goal-reply = Uma resposta se perde
learn-timeout-goal-late = Uma resposta é tardia
learn-timeout-goal-replied = Um ping é respondido a tempo
learn-timeout-real = Dez pings: sete são respondidos, uma requisição e uma resposta se perdem, e uma resposta é tardia. Da tardia o cliente fica sabendo. Dos outros dois ele só pode dizer que deram timeout; as últimas linhas do servidor, depois de Ctrl-C, dizem em que sentido cada um se perdeu.

## 6. A resposta tardia

learn-late-reply = A resposta tardia confundida com a seguinte
learn-late-reply-aim = Ao final: como reconhecer o erro clássico dos clientes feitos para esta tarefa, e como corrigi-lo.
learn-late-reply-1 = Dois clientes na mesma rede, em que o RTT é 100 ms. À esquerda, o nosso. À direita, um que aceita o que chegar como resposta ao ping atual e nunca olha o número. A resposta 1 fica presa. Os dois clientes consideram o ping 1 perdido depois de um segundo (Kurose & Ross §2.7) e enviam o ping 2; 50 ms depois chega a resposta 1.
learn-late-reply-1-ask = O que o cliente da direita imprime agora?
learn-late-reply-1-a = Ping 2 respondido, RTT de 50 ms
learn-late-reply-1-a-why = Um RTT que nunca aconteceu, nem poderia. A rede precisa de 100 ms.
learn-late-reply-1-b = Ping 1 respondido com atraso, RTT de 1050 ms
learn-late-reply-1-b-why = Para isso ele teria de ler o número na resposta. O cliente da esquerda lê.
learn-late-reply-1-c = Nada ainda: continua esperando a resposta 2
learn-late-reply-1-c-why = Ele teria de perceber que esta não é a resposta 2.
learn-late-reply-1-after = À esquerda a resposta 1 é [tardia](late), com o RTT real de 1,05 s, e o ping 2 continua esperando. À direita o ping 2 foi “respondido” depois de 50 ms.
learn-late-reply-2 = Daqui em diante nada mais dá errado na rede.
learn-late-reply-2-ask = O que o cliente da direita imprime para os pings 3, 4 e 5?
learn-late-reply-2-a = Os RTTs certos de novo
learn-late-reply-2-a-why = E o que corrigiria isso? Há uma resposta a mais esperando no socket, e ela continua lá.
learn-late-reply-2-b = Três timeouts
learn-late-reply-2-b-why = A cada vez chega alguma coisa: a resposta ao ping anterior.
learn-late-reply-2-c = 50 ms cada: todo ping recebe a resposta do anterior
learn-late-reply-2-c-why = Um pacote tardio e, dali em diante, tudo fica deslocado uma posição.
learn-late-reply-2-after = À direita, quatro RTTs de 50 ms, todos errados e nenhum suspeito por si só. À esquerda, quatro de 100 ms, todos certos, e uma resposta tardia. Um [número de sequência](sequence-number) que ninguém compara é como se não existisse. O TCP tem a mesma dúvida depois de uma retransmissão: sem a opção de timestamps, não sabe a qual das cópias uma resposta responde, e não tira dela nenhum RTT (RFC 6298 §3).
learn-late-reply-3 = Uma rede mais lenta: toda resposta leva cerca de 1,3 s, de modo que nenhuma chega a tempo. Dez pings, um segundo para cada um.
learn-late-reply-3-ask = Quantas respostas o cliente da direita imprime?
learn-late-reply-3-a = Nenhuma
learn-late-reply-3-a-why = Nenhuma seria o certo, e é o que diz o cliente da esquerda. O da direita não compara.
learn-late-reply-3-b = A maioria das dez
learn-late-reply-3-b-why = Oito, aqui. Cada uma é uma resposta tardia a um ping anterior.
learn-late-reply-3-c = Uma
learn-late-reply-3-c-why = Começa com uma. Mas depois cada ping seguinte encontra a resposta tardia a um anterior.
learn-late-reply-3-after = À esquerda: dez timeouts, dez respostas tardias, 100 % de perda: nenhuma resposta veio no tempo escolhido (RFC 2681 §2.4). À direita: oito respostas, nenhuma verdadeira. Com sockets de verdade não é diferente: experimente os comandos do fim com um cliente da sua turma.
learn-late-reply-4 = Um cliente melhor à direita: ele compara os números e joga fora o que não está esperando. Mas depois chama `recvfrom` de novo, dando de novo um segundo inteiro. A resposta 1 chega no instante 1,05 s; a resposta 2 leva 1,04 s.
learn-late-reply-4-ask = O que acontece com o ping 2, à direita?
learn-late-reply-4-a = Dá timeout depois de um segundo
learn-late-reply-4-a-why = Seria assim se a espera tivesse um fim fixo. Mas a resposta 1, jogada fora no instante 1,05 s, reiniciou a contagem.
learn-late-reply-4-b = Conta como respondido, com RTT de 1040 ms
learn-late-reply-4-b-why = O pacote velho empurrou o fim da espera para 2,05 s, e a resposta 2 chegou no instante 2,04 s.
learn-late-reply-4-c = A resposta dele é creditada ao ping 3
learn-late-reply-4-c-why = Este cliente compara os números. O que ele erra é o tempo.
learn-late-reply-4-after = Fixe o [prazo](deadline) uma vez, ao enviar: `prazo = time.perf_counter() + 1`. Depois, em um laço: `resta = prazo - time.perf_counter()`; se `resta <= 0`, o ping está perdido; senão, `s.settimeout(resta)`, `recvfrom`, e compare o número. Se for a resposta esperada, credite-a; se não for, repita o laço. O teste de `resta` é necessário: um timeout negativo causa `ValueError`, e zero deixa o socket sem bloqueio.
learn-late-reply-task = Com uma única ação, faça o cliente da direita imprimir três ou mais RTTs errados enquanto o nosso tem quatro certos.
learn-late-reply-task-hint = Atrase uma das primeiras respostas o bastante para ela chegar um pouco antes da seguinte.
learn-late-reply-task-done = Bastou um pacote tardio. O cliente da direita nunca vai saber.
learn-late-reply-goal-wrong = O cliente da direita credita três ou mais respostas ao ping errado
learn-late-reply-goal-ours = O nosso tem quatro pings respondidos
learn-late-reply-real = Toda resposta leva 1,3 s: cinco perdas, cinco respostas tardias, e o código de saída é 1. Aponte um cliente da sua turma para o mesmo servidor e compare. O terceiro comando decide de novo sobre os mesmos pacotes, com um timeout de 1,5 s: os cinco são respondidos.

## 7. Duplicatas e ordem

learn-duplicates-and-order = Duplicatas e pacotes fora de ordem
learn-duplicates-and-order-aim = Ao final: como um cliente reconhece duplicatas e reordenação, e quais números elas não devem alterar.
learn-duplicates-and-order-1 = Seis pings, um a cada 20 ms, de modo que há vários [em trânsito](in-flight) ao mesmo tempo. A rede entrega a requisição 2 duas vezes, como pode acontecer com um laço nas rotas ou um equipamento com defeito.
learn-duplicates-and-order-1-ask = Quantas respostas ao ping 2 o servidor envia?
learn-duplicates-and-order-1-a = Uma: ele reconhece a segunda requisição
learn-duplicates-and-order-1-a-why = Para isso teria de se lembrar da primeira. Um servidor que só ecoa não se lembra de nada.
learn-duplicates-and-order-1-b = Duas
learn-duplicates-and-order-1-b-why = Dois datagramas entram, dois datagramas saem.
learn-duplicates-and-order-1-c = Nenhuma: o UDP joga as duas fora
learn-duplicates-and-order-1-c-why = O UDP não compara datagramas. Os dois estão inteiros, e os dois são entregues.
learn-duplicates-and-order-1-after = Duas respostas ao ping 2 estão a caminho. O UDP não promete que um datagrama chegue, nem que chegue uma vez só (RFC 768).
learn-duplicates-and-order-2 = A segunda resposta ao ping 2 chega 10 ms depois da primeira.
learn-duplicates-and-order-2-ask = O que um bom cliente faz com ela?
learn-duplicates-and-order-2-a = Conta como duplicata e não mexe no RTT
learn-duplicates-and-order-2-a-why = Vale a primeira cópia (RFC 2681 §2.4), e as [duplicatas](duplicate) se contam à parte (RFC 5560 §5).
learn-duplicates-and-order-2-b = Usa a média das duas como RTT
learn-duplicates-and-order-2-b-why = Isso seria um instante em que nada chegou.
learn-duplicates-and-order-2-c = Troca o RTT: a segunda é mais nova
learn-duplicates-and-order-2-c-why = Aí uma rede que duplica pacotes pareceria mais lenta do que é.
learn-duplicates-and-order-2-after = O ping 2 mantém o RTT de 100 ms. Conta-se uma duplicata. Um cliente que a contasse como mais uma resposta teria, no fim, mais respostas do que pings e uma perda abaixo de zero.
learn-duplicates-and-order-3 = A resposta 4 fica retida no caminho, e a 5 e a 6 a ultrapassam.
learn-duplicates-and-order-3-ask = O cliente tem as respostas 1, 2, 3 e agora a 5. O que ele sabe do ping 4?
learn-duplicates-and-order-3-a = Está perdido, já que a 5 chegou
learn-duplicates-and-order-3-a-why = Uma lacuna ainda não é uma perda. O ping 4 ainda tem prazo.
learn-duplicates-and-order-3-b = Está respondido: a quarta resposta é dele
learn-duplicates-and-order-3-b-why = A quarta resposta traz um 5. Contar chegadas não é o mesmo que ler os números.
learn-duplicates-and-order-3-c = Nada ainda
learn-duplicates-and-order-3-c-why = Ele espera até o prazo, 500 ms depois do envio.
learn-duplicates-and-order-3-after = Quatro pings respondidos, nenhum perdido, e o ping 4 continua em trânsito até onde se pode saber.
learn-duplicates-and-order-4 = A resposta 4 chega por último, 150 ms depois do envio do ping.
learn-duplicates-and-order-4-ask = Como ela deve ser contada?
learn-duplicates-and-order-4-a = Como tardia
learn-duplicates-and-order-4-a-why = Tardia é a que chega depois do prazo, e aqui ele é de 500 ms.
learn-duplicates-and-order-4-b = Como respondida a tempo e como reordenada
learn-duplicates-and-order-4-b-why = O RTT dela é 150 ms. E o seu número é menor que um que chegou antes: [reordenada](reordering) (RFC 4737 §3).
learn-duplicates-and-order-4-c = Como perdida, porque chegou fora de ordem
learn-duplicates-and-order-4-c-why = O UDP não promete ordem, então chegar fora de ordem não é erro.
learn-duplicates-and-order-4-after = Seis pings, seis respondidos, nenhum perdido, uma duplicata, uma reordenada. Para quem associa cada resposta ao ping pelo número, nada disso faz diferença. Um cliente que numera as respostas pela chegada teria errado da terceira em diante.
learn-duplicates-and-order-task = Provoque uma duplicata e uma resposta fora de ordem, com os seis pings respondidos.
learn-duplicates-and-order-task-hint = Duplique qualquer pacote em trânsito. Depois atrase em 50 ms uma das primeiras respostas, para que outras a ultrapassem.
learn-duplicates-and-order-task-done = Nenhum ping foi prejudicado: decidem o número, o prazo e a primeira cópia, e mais nada.
learn-duplicates-and-order-goal-duplicate = Chega uma duplicata
learn-duplicates-and-order-goal-reordered = Uma resposta chega fora de ordem
learn-duplicates-and-order-goal-all = Os seis pings são respondidos
learn-duplicates-and-order-real = Cinquenta pings, todos respondidos. Uma linha com `DUP!` é mais uma cópia de uma resposta. As respostas que levaram 90 ms ficaram retidas e foram ultrapassadas pelas de trás: o resumo as conta como fora de ordem.

## 8. Números que enganam

learn-misleading-figures = Números que enganam
learn-misleading-figures-aim = Ao final: por quanto se divide para calcular a perda, por que uma média errada pode ficar abaixo do mínimo e o que três pings podem dizer.
learn-misleading-figures-1 = Dez pings, um a cada 100 ms, cada um com RTT de 200 ms. Nada se perde. No instante 0,9 s os dez foram enviados e oito foram respondidos.
learn-misleading-figures-1-ask = Qual é a perda de pacotes nesse momento?
learn-misleading-figures-1-a = 20 %
learn-misleading-figures-1-a-why = Dez menos oito são dois, mas esses dois estão em trânsito, não perdidos.
learn-misleading-figures-1-b = Ninguém sabe antes do fim
learn-misleading-figures-1-b-why = Do que já está concluído pode-se dizer a qualquer momento: oito de oito voltaram.
learn-misleading-figures-1-c = 0 %
learn-misleading-figures-1-c-why = Oito estão concluídos, e todos os oito foram respondidos.
learn-misleading-figures-1-after = Perda é perdidos ÷ concluídos: um ping está concluído quando foi respondido, deu timeout ou foi recusado, e destes só os respondidos não estão perdidos. O que está em trânsito não entra em nenhum dos dois; no fim, com tudo concluído, isso é perdidos ÷ enviados (RFC 6673, RFC 7680 §4.1). Ao lado está o número errado, 20 %, que desaparece quando chegam as duas últimas respostas: uma perda que se cura sozinha não era perda.
learn-misleading-figures-2 = Dez pings, um de cada vez. Dois se perdem; os outros oito levaram exatamente 80 ms cada. Um cliente imprime: média de 64 ms.
learn-misleading-figures-2-ask = Como pode?
learn-misleading-figures-2-a = Ele dividiu pelos dez enviados, não pelos oito respondidos
learn-misleading-figures-2-a-why = 8 × 80 ÷ 10 = 64. Uma [média](mean) abaixo do mínimo entrega o erro.
learn-misleading-figures-2-b = O relógio dele não é preciso
learn-misleading-figures-2-b-why = Isso explicaria microssegundos, não um erro de 20 %.
learn-misleading-figures-2-c = Os perdidos foram rápidos
learn-misleading-figures-2-c-why = Um ping perdido não tem tempo nenhum, nem rápido nem lento.
learn-misleading-figures-2-after = A [média](mean) é 80 ms. Outro erro muito comum conta cada perda como um timeout: 264 ms, um tempo que nenhuma resposta levou. O RTT de um ping perdido é indefinido (RFC 2681 §2.4). Por isso atraso e perda são dois números, e um precisa do outro ao lado. Se nada foi respondido, também não há média: não divida por zero.
learn-misleading-figures-3 = Vinte pings. Dezenove levam 20 ms cada, e um leva 400 ms. A média é de 39 ms.
learn-misleading-figures-3-ask = Qual número diz quanto leva um ping típico?
learn-misleading-figures-3-a = A média, 39 ms
learn-misleading-figures-3-a-why = Nenhum ping levou perto disso. Um único valor extremo quase dobrou a média.
learn-misleading-figures-3-b = A mediana, 20 ms
learn-misleading-figures-3-b-why = Pelo menos metade dos pings não levou mais que isso.
learn-misleading-figures-3-c = O percentil 99, 400 ms
learn-misleading-figures-3-c-why = Esse diz quão ruim pode ficar, e também vale saber. Mas não é o típico.
learn-misleading-figures-3-after =
    Informe vários: o mínimo, a [mediana](median), um [percentil](percentile) alto (RFC 2330 §11.3) e em quantas respostas se baseiam. Com vinte, o percentil 99 é simplesmente o máximo. São números das respostas; a RFC 2681 §4.1, em vez disso, conta um ping perdido como infinitamente longo, e assim a mediana diz algo também das perdas.

    Para a variação do atraso há medidas próprias. `mdev`, que o ping imprime, é o desvio padrão dos RTTs. IPDV é a diferença entre um e o seguinte (RFC 3393). O [jitter](jitter) é o tamanho dela, suavizado: a cada resposta, J cresce (|D| − J) ÷ 16 (RFC 3550 §6.4.1).
learn-misleading-figures-4 = Três pings. Um se perde. O cliente imprime 33 % de perda.
learn-misleading-figures-4-ask = O que isso diz sobre a rede?
learn-misleading-figures-4-a = Ela perde um terço dos pacotes
learn-misleading-figures-4-a-why = Três pings só podem mostrar 0, 33, 67 ou 100 %. Mesmo que a rede perca só 5 %, em uma de cada sete execuções de três pings ao menos um se perde.
learn-misleading-figures-4-b = Está com defeito, pois uma rede boa não perde nada
learn-misleading-figures-4-b-why = Perder um pacote de vez em quando é normal: a maioria das filas cheias não tem outro jeito de avisar (a exceção é o ECN, RFC 3168).
learn-misleading-figures-4-c = Muito pouco
learn-misleading-figures-4-c-why = Vale para estes três pings, e não diz quase nada dos próximos três.
learn-misleading-figures-4-after = Imprima em quantos pings um número se baseia, e envie o bastante: só para perceber uma perda de 1 % são necessárias centenas de pings.
learn-misleading-figures-task = Volte à primeira execução, em que nada se perde. Ache um momento em que a perda calculada errado dá 50 %.
learn-misleading-figures-task-hint = Avance passo a passo. Em algum momento metade dos pings enviados está em trânsito.
learn-misleading-figures-task-done = Quatro enviados, dois respondidos, dois em trânsito: “50 % de perda” em uma rede que não perde nada.
learn-misleading-figures-goal-half = A perda calculada errado é 50 % no momento mostrado
learn-misleading-figures-goal-none = Nenhum ping está perdido nesse momento
learn-misleading-figures-real = A rede perde 5 % das respostas, e cem pings chegam perto disso. Compare a média com p50 (a mediana) e p99; depois use `-c 3` e veja o que três pings dizem.

## 9. A escolha do timeout

learn-choosing-a-timeout = A escolha do timeout
learn-choosing-a-timeout-aim = Ao final: o que custa um timeout curto demais e um longo demais, e como o TCP acompanha o RTT com o dele.
learn-choosing-a-timeout-1 = Vinte pings, um de cada vez. Os RTTs vão de 80 ms a quase 200, e a rede perde alguns pacotes. O timeout é 100 ms. No fim o cliente informa 15 pings perdidos.
learn-choosing-a-timeout-1-ask = Quantos pacotes a rede perdeu?
learn-choosing-a-timeout-1-a = 15
learn-choosing-a-timeout-1-a-why = Isso é o que o cliente decidiu. Conte os losangos no diagrama: essas respostas chegaram, depois do prazo.
learn-choosing-a-timeout-1-b = 2
learn-choosing-a-timeout-1-b-why = Os outros treze foram respondidos, depois do prazo.
learn-choosing-a-timeout-1-c = Nenhum: todas chegaram tarde
learn-choosing-a-timeout-1-c-why = Treze, sim. Duas requisições se perderam de fato na ida.
learn-choosing-a-timeout-1-after = Um timeout próximo do RTT faz uma rede lenta parecer uma rede que perde. As respostas tardias denunciam isso, desde que sejam contadas.
learn-choosing-a-timeout-2 = A mesma rede e a mesma semente, com um timeout de 5 s.
learn-choosing-a-timeout-2-ask = O que isso custa?
learn-choosing-a-timeout-2-a = Cinco segundos de espera a cada perda real
learn-choosing-a-timeout-2-a-why = Não vem nada, e o cliente espera assim mesmo.
learn-choosing-a-timeout-2-b = Nada: quanto mais longo, mais seguro
learn-choosing-a-timeout-2-b-why = É mais seguro, e não é de graça. Veja quanto dura a execução inteira.
learn-choosing-a-timeout-2-c = Os RTTs ficam mais longos
learn-choosing-a-timeout-2-c-why = A rede não conhece o timeout. Cada resposta leva o tempo que leva.
learn-choosing-a-timeout-2-after = Agora a perda está certa: dois de vinte, e nenhuma resposta tardia. Mas a execução levou 12,2 s, e em dez deles o cliente esperou por duas respostas que nunca vieram.
learn-choosing-a-timeout-3 =
    O TCP tem a mesma escolha a fazer, e deixa a rede decidir: a cada RTT ele atualiza um RTT suavizado (SRTT) e um desvio suavizado (RTTVAR), e espera SRTT + 4 × RTTVAR (RFC 6298 §2). O livro os chama de EstimatedRTT, DevRTT e TimeoutInterval (Kurose & Ross §3.5.3).

    O primeiro RTT, R, dá SRTT = R e RTTVAR = R ÷ 2. Cada um dos seguintes dá RTTVAR = ¾ RTTVAR + ¼ |SRTT − R| e, depois, SRTT = ⅞ SRTT + ⅛ R.
learn-choosing-a-timeout-3-ask = Por que o desvio entra na conta?
learn-choosing-a-timeout-3-a = Como margem fixa de segurança
learn-choosing-a-timeout-3-a-why = Ela não é fixa. Em um caminho estável o RTTVAR encolhe até quase não somar nada.
learn-choosing-a-timeout-3-b = Porque um RTT longo também varia mais
learn-choosing-a-timeout-3-b-why = O de um satélite geoestacionário é longo e estável; o de um Wi-Fi congestionado, curto e instável. Um não diz nada sobre o outro.
learn-choosing-a-timeout-3-c = Para que um caminho estável tenha um timeout justo, e um instável, um folgado
learn-choosing-a-timeout-3-c-why = O que o timeout precisa cobrir não é o RTT, são as surpresas do RTT.
learn-choosing-a-timeout-3-after = Depois destas respostas o SRTT é 122 ms e o RTTVAR, 17 ms: um timeout de 192 ms, e o RTT máximo foi 191 ms. O TCP o arredonda para um segundo (RFC 6298 §2.4), dobra-o a cada timeout (RFC 6298 §5.5) e não usa como amostra o que retransmitiu (RFC 6298 §3). A programas que usam UDP recomenda-se estimar do mesmo modo (RFC 8085 §3.1.1).
learn-choosing-a-timeout-task = Escolha o timeout para que nenhuma resposta chegue tarde e tudo termine em até 2,8 s.
learn-choosing-a-timeout-task-hint = Cada perda real custa um timeout, e são duas. O RTT máximo é 191 ms.
learn-choosing-a-timeout-task-done = Um pouco acima do RTT máximo: longo o bastante para toda resposta, curto o bastante para uma perda custar pouco. Em uma rede real não se conhece esse RTT de antemão, e é para isso que serve o estimador.
learn-choosing-a-timeout-goal-late = Nenhuma resposta é tardia
learn-choosing-a-timeout-goal-quick = O último ping é concluído em até 2,8 s
learn-choosing-a-timeout-real = Com 300 ms nenhuma resposta é tardia: o que se perdeu, perdeu-se no caminho. O terceiro comando pergunta o que 100 ms teriam significado para os mesmos pacotes: vários dos pings respondidos estariam perdidos, com respostas tardias.

## 10. Heartbeat

learn-heartbeat = Heartbeat: os mesmos pacotes, em um sentido só
learn-heartbeat-aim = Ao final: o que um receptor aprende com pacotes que ninguém responde (o que falta, não quanto demorou) e quando suspeitar que o emissor parou.
learn-heartbeat-1 = Muitas versões da tarefa têm um segundo exercício opcional: uma vez por segundo o cliente envia o seu número e a hora, e o servidor não responde. Esses pacotes se chamam [heartbeats](heartbeat), sinais de vida.
learn-heartbeat-1-after = Sem respostas não há RTT. Tudo o que se quiser saber, o servidor é que tem de descobrir.
learn-heartbeat-2 = Os heartbeats 3 e 4 se perdem no caminho.
learn-heartbeat-2-ask = Depois do 2 o servidor recebe o 5. O que ele sabe?
learn-heartbeat-2-a = O cliente ficou parado por dois segundos
learn-heartbeat-2-a-why = O número diz o contrário: o cliente continuou contando.
learn-heartbeat-2-b = O 3 e o 4 não chegaram
learn-heartbeat-2-b-why = É para isso que serve o [número de sequência](sequence-number).
learn-heartbeat-2-c = Nada: o 5 é um heartbeat como outro qualquer
learn-heartbeat-2-c-why = É, mas o número dele não é o próximo esperado.
learn-heartbeat-2-after = O servidor informa que faltam o 3 e o 4. Para ser exato: faltam até agora. Podem ter sido ultrapassados e ainda chegar.
learn-heartbeat-3 = Todo heartbeat traz a hora em que foi enviado, pelo relógio do cliente. O servidor a subtrai da hora em que ele chegou, pelo seu próprio relógio. Nos heartbeats 1, 2 e 5 deu 290 ms.
learn-heartbeat-3-ask = O que ele obtém?
learn-heartbeat-3-a = O atraso em um sentido
learn-heartbeat-3-a-why = Só se os dois relógios estiverem sincronizados. Uma hora é do cliente, a outra é do servidor.
learn-heartbeat-3-b = A metade do RTT
learn-heartbeat-3-b-why = Não houve ida e volta, e a metade de uma seria um palpite.
learn-heartbeat-3-c = O atraso em um sentido, mais a diferença entre os relógios
learn-heartbeat-3-c-why = Nada no pacote diz quanto é de cada um.
learn-heartbeat-3-after = A ida leva 40 ms e o relógio do servidor está 250 ms adiantado: ele não conhece nenhum dos dois números. Por isso uma diferença sozinha diz pouco, a não ser que os relógios estejam sincronizados (RFC 7679). Mas de um heartbeat para o outro os relógios quase não se afastam: o heartbeat 6 dá 320 ms, ou seja, levou 30 ms a mais que o 5, e isso é verdade. É disso que se calcula o [jitter](jitter) (RFC 3550 §6.4.1).
learn-heartbeat-4 = O heartbeat 8 foi o último. O servidor está configurado para considerar o cliente parado depois de 3 s de silêncio, e no instante 10,04 s é o que faz.
learn-heartbeat-4-ask = O que ele sabe nesse momento?
learn-heartbeat-4-a = O programa do cliente terminou
learn-heartbeat-4-a-why = Aqui terminou. Mas o servidor diria o mesmo se a rede tivesse perdido três heartbeats seguidos.
learn-heartbeat-4-b = Ele não recebe nada há 3 s
learn-heartbeat-4-b-why = “Parou” é a conclusão que ele tira disso.
learn-heartbeat-4-c = A rede caiu
learn-heartbeat-4-c-why = Pode ser. O silêncio não diz por quê.
learn-heartbeat-4-after = De fora, um cliente morto e um caminho morto parecem iguais. Um silêncio curto dá alarmes falsos, e um longo percebe tarde: é outra vez o dilema da lição 9.
learn-heartbeat-task = Faça o servidor considerar parado um cliente que está vivo: um heartbeat chega depois do alarme.
learn-heartbeat-task-hint = O silêncio precisa passar de 3 s: descarte três heartbeats seguidos, cada um enquanto está em trânsito.
learn-heartbeat-task-done = O servidor se enganou, e não tinha como saber.
learn-heartbeat-goal-alarm = Um heartbeat chega depois de o servidor considerar o cliente parado
learn-heartbeat-real = De oito heartbeats a rede perde três: o 2, o 3 e o 7. O servidor percebe quando chegam o 4 e o 8, e considera o cliente parado 4 s depois do último. Então encerre-o com Ctrl-C: a gravação é a do servidor, já que o cliente não fica sabendo de nada.

## Exercícios

learn-reading-replied = Quantos pings são respondidos a tempo?
learn-reading-lost = Quantos pings dão timeout?
learn-reading-late = Quantos desses têm resposta tardia?
learn-reading-finished = Quando o último ping é concluído?
learn-reading-udp-replied = A quantos clientes chega a resposta do servidor UDP?
learn-reading-tcp-replied = Quantos clientes TCP recebem a resposta?
learn-reading-tcp-packets = Quantos pacotes são enviados no lado TCP, nos dois sentidos juntos?
learn-reading-udp-lost = Quantos pings UDP dão timeout?
learn-reading-tcp-retransmissions = Quantas retransmissões o TCP faz, somando as duas pontas?
learn-reading-tcp-slowest = Quanto leva a resposta mais lenta por TCP?
learn-reading-last-rtt = Qual é o RTT do último ping respondido?
learn-reading-last-network = Qual é o δ dele, o RTT sem o tempo do servidor?
learn-reading-last-there = Quanto levou de verdade a ida dele?
learn-reading-requests-lost = Quantas requisições se perdem?
learn-reading-replies-lost = Quantas respostas se perdem?
learn-reading-ours-replied = Quantos pings o nosso cliente considera respondidos?
learn-reading-faulty-replied = Quantos o cliente com defeito considera respondidos?
learn-reading-faulty-wrong = Quantos desses receberam a resposta de outro ping?
learn-reading-duplicates = Quantas duplicatas chegam?
learn-reading-reordered = Quantas respostas chegam fora de ordem?
learn-reading-rtt-least = Qual é o RTT mínimo?
learn-reading-rtt-most = Qual é o RTT máximo?
learn-reading-missing = Quantos heartbeats o servidor informa que faltam?
learn-reading-stopped = Quantas vezes ele considera o cliente parado?
learn-reading-false-alarms = Em quantas delas se enganou?

## Glossário

learn-term-clock-offset = diferença entre relógios
learn-term-clock-offset-is = Quanto um relógio está adiantado em relação a outro no mesmo instante.
learn-term-connection = conexão
learn-term-connection-is = Um acordo entre duas pontas para conversar, com estado guardado nas duas. O TCP abre e fecha conexões; o UDP não tem nenhuma.
learn-term-datagram = datagrama
learn-term-datagram-is = Uma mensagem enviada, encaminhada e entregue sozinha, inteira ou não entregue. É o que o UDP transporta.
learn-term-deadline = prazo
learn-term-deadline-is = O momento até o qual uma resposta vale: a hora do envio da sonda mais o timeout.
learn-term-duplicate = duplicata
learn-term-duplicate-is = Mais uma cópia de uma resposta que já chegou.
learn-term-handshake = handshake (apresentação de três vias)
learn-term-handshake-is = Os três segmentos que abrem uma conexão TCP: SYN, SYN-ACK, ACK.
learn-term-heartbeat = heartbeat
learn-term-heartbeat-is = Um pacote enviado a intervalos regulares só para mostrar que o emissor está vivo.
learn-term-icmp = ICMP
learn-term-icmp-is = O protocolo com que máquinas e roteadores informam problemas com pacotes IP, como o de ninguém ocupar uma porta.
learn-term-in-flight = em trânsito
learn-term-in-flight-is = Enviado e ainda não respondido nem considerado perdido.
learn-term-jitter = jitter
learn-term-jitter-is = Quanto o atraso varia de pacote a pacote; o RTP o suaviza: J cresce (|D| − J) ÷ 16. Várias medidas têm esse nome: diga qual.
learn-term-late = resposta tardia
learn-term-late-is = Uma resposta que chega depois do prazo da sua sonda. A sonda continua perdida.
learn-term-loss = perda
learn-term-loss-is = A parte das sondas concluídas que não teve resposta até o prazo.
learn-term-mean = média
learn-term-mean-is = A soma de todos os valores dividida por quantos são.
learn-term-median = mediana
learn-term-median-is = O valor do meio: pelo menos metade dos valores não passa dele.
learn-term-monotonic-clock = relógio monotônico
learn-term-monotonic-clock-is = Um relógio que só anda para a frente. Mede intervalos e não sabe a data.
learn-term-one-way-delay = atraso em um sentido
learn-term-one-way-delay-is = Quanto um pacote leva de uma ponta à outra. Medi-lo pede dois relógios que concordem.
learn-term-percentile = percentil
learn-term-percentile-is = O percentil 99 é o menor valor que 99 % de todos não ultrapassam.
learn-term-port = porta
learn-term-port-is = Um número de 0 a 65535 que diz para que programa da máquina é um datagrama ou segmento.
learn-term-probe = sonda
learn-term-probe-is = Um pacote enviado para medir alguma coisa: aqui, um ping.
learn-term-reordering = reordenação
learn-term-reordering-is = Um pacote chega depois de outro que foi enviado mais tarde.
learn-term-retransmission = retransmissão
learn-term-retransmission-is = Enviar de novo o que não foi confirmado. O TCP faz isso sozinho; o UDP, nunca.
learn-term-rto = tempo limite de retransmissão (RTO)
learn-term-rto-is = Quanto o TCP espera por uma confirmação antes de reenviar.
learn-term-rtt = tempo de viagem de ida e volta (RTT)
learn-term-rtt-is = O tempo entre enviar uma sonda e receber a resposta, lido no relógio de quem enviou.
learn-term-sequence-number = número de sequência
learn-term-sequence-number-is = O número em cada sonda pelo qual se reconhece a resposta.
learn-term-server-time = tempo do servidor
learn-term-server-time-is = O que o servidor gasta entre receber uma sonda e enviar a resposta.
learn-term-socket = socket
learn-term-socket-is = O ponto de contato entre o programa e a rede: por onde ele envia e recebe.
learn-term-stop-and-wait = pare e espere (stop-and-wait)
learn-term-stop-and-wait-is = Enviar o próximo pacote só quando o anterior for concluído.
learn-term-timeout = timeout
learn-term-timeout-is = Quanto uma resposta pode demorar e ainda valer.

## A sala

learn-room-title = Aprenda UDP brincando com ele
learn-room-intro = Dez lições curtas. Cada uma mostra uma rede em ação, pergunta o que vai acontecer antes que aconteça e termina com uma tarefa. O que você faz fica só neste navegador e não é enviado a lugar nenhum.
learn-room-lost = O que este navegador guardou do seu progresso não pôde ser lido; você começa de novo.
learn-all-done = { $done } de { $all } passos feitos
learn-minutes = { $minutes } minutos
learn-done = Feita
learn-begin = Começar
learn-continue = Continuar
learn-revisit = Rever
learn-forget = Apagar meu progresso
learn-forgotten = Seu progresso foi apagado.
learn-teacher = Para o professor
learn-all = Todas as lições
learn-where =
    .aria-label = Passos desta lição
learn-step = Passo { $step }
learn-step-task = Tarefa
learn-step-end = De verdade
learn-step-done = { $step }, feito
learn-lesson-number = Lição { $number }
learn-predict = Qual é a sua previsão?
learn-right = Certo.
learn-wrong = Não é bem isso.
learn-show = Mostrar
learn-show-answered = Agora veja o que acontece
learn-again = Prever de novo
learn-previous = Voltar
learn-next = Avançar
learn-next-lesson = Próxima lição

## O palco

learn-stage =
    .aria-label = O que acontece
learn-lanes =
    .aria-label = Diagrama, rolável. Os eventos estão listados abaixo dele.
learn-lane-name = { $lane } em { $at }. A lista abaixo diz o que aconteceu.
learn-lane-ours = O nosso cliente, por UDP
learn-lane-credits-whatever-arrives = Aceita o que chegar
learn-lane-restarts-timeout = Recomeça o timeout
learn-lane-tcp-new = TCP, uma conexão nova a cada vez
learn-lane-tcp-kept = TCP, uma conexão persistente
learn-lane-udp-crowd = Servidor UDP
learn-lane-tcp-crowd = Servidor TCP
learn-lane-heartbeat = Heartbeat
learn-client = cliente
learn-server = servidor
learn-server-clock = servidor, relógio { $ahead }
learn-shortened = { $span }, encurtado
learn-transport =
    .aria-label = Tempo
learn-to-start =
    .aria-label = Ir para o início
learn-step-back =
    .aria-label = Voltar um evento
learn-step-on =
    .aria-label = Avançar um evento
learn-to-end =
    .aria-label = Ir para o fim do que é mostrado
learn-play = Iniciar
learn-pause = Pausar
learn-scrub =
    .aria-label = Momento
learn-now = agora { $at }
learn-happened = O que aconteceu, em palavras
learn-happened-line = { $at }: { $what }
learn-happened-lane = { $lane }: { $what }
learn-nothing = Nada ainda.
learn-packet-ping = ping { $seq }
learn-packet-reply = resposta { $seq }
learn-packet-beat = heartbeat { $seq }
learn-packet-syn = SYN
learn-packet-syn-ack = SYN-ACK
learn-packet-ack = ACK
learn-packet-request = requisição { $seq }
learn-packet-response = resposta { $seq }
learn-packet-fin = FIN
learn-packet-fin-ack = FIN-ACK
learn-packet-of = { $client }: { $what }
learn-packet-copy = { $what } (cópia)
learn-sets-out-request = { $what } sai
learn-sets-out-reply = o servidor envia { $what }
learn-arrives-request = { $what } chega ao servidor
learn-arrives-reply = { $what } chega ao cliente
learn-is-lost-request = { $what } se perde na ida
learn-is-lost-reply = { $what } se perde na volta
learn-note-replied = ping { $seq }: { $span }
learn-note-miscredited = ping { $seq }: { $span }
learn-note-truly = mas era a resposta { $truly }
learn-note-timed-out = ping { $seq }: timeout
learn-note-late = ping { $seq } tardio: { $span }
learn-note-duplicate = ping { $seq } repetido
learn-note-discarded = { $seq } jogado fora
learn-note-connected = conectado
learn-note-opened = +1 socket
learn-note-closed = −1 socket
learn-note-retransmits = o temporizador venceu
learn-note-heard = { $seq }: diferença { $span }
learn-note-missing = faltam { $from }–{ $to }
learn-note-missing-one = falta { $from }
learn-note-stopped = “cliente parou”
learn-said-client = o cliente diz: { $what }
learn-said-server = o servidor diz: { $what }

## O que se mede

learn-counters = Contadores
learn-sockets = Os sockets do servidor
learn-clocks = Quatro instantes, dois relógios
learn-figures = Números
learn-estimator = O estimador
learn-watch = O que o servidor sabe
learn-measured = Medida
learn-one-clock = um relógio
learn-two-clocks = dois relógios
learn-a-guess = um palpite
learn-moved = Marcado: o que o relógio do servidor deslocou, e em quanto.
learn-wrong-figure = errado
learn-none = –
learn-measure-sent = enviados
learn-measure-replied = respondidos
learn-measure-lost = com timeout
learn-measure-late = entre eles, com resposta tardia
learn-measure-in-flight = em trânsito
learn-measure-duplicates = duplicatas
learn-measure-reordered = fora de ordem
learn-measure-requests-lost = perdidos na ida
learn-measure-replies-lost = perdidos na volta
learn-measure-miscredited = creditados ao ping errado
learn-measure-over-timeout = aceitos depois do timeout
learn-measure-packets = pacotes
learn-measure-bytes = bytes
learn-measure-header-bytes = deles, de cabeçalhos
learn-measure-round-trips = RTTs até as respostas
learn-measure-retransmissions = retransmissões
learn-measure-finished = último ping concluído em
learn-measure-sockets = sockets
learn-measure-sockets-most = máximo de sockets ao mesmo tempo
learn-measure-rtt-least = RTT mínimo
learn-measure-rtt-most = RTT máximo
learn-measure-rtt-mean = RTT médio
learn-measure-rtt-median = RTT mediano
learn-measure-rtt-p99 = percentil 99
learn-measure-loss = perda de pacotes
learn-measure-loss-in-flight = perda, contando como perdidos os que estão em trânsito
learn-measure-mean-over-sent = média dividida pelos enviados
learn-measure-mean-with-timeouts = média com um timeout por perda
learn-measure-rtt = RTT: T4 − T1
learn-measure-server-time = tempo do servidor: T3 − T2
learn-measure-network-time = δ, o tempo da rede
learn-measure-seen-there = T2 − T1, a ida
learn-measure-seen-back = T4 − T3, a volta
learn-measure-half-guess = δ ÷ 2
learn-measure-half-error = quanto δ ÷ 2 erra a ida
learn-measure-offset-guess = θ, o relógio do servidor adiantado em
learn-measure-way-there = ida real
learn-measure-way-back = volta real
learn-measure-estimated = timeout para o próximo: SRTT + 4 × RTTVAR
learn-measure-apart = recebido − enviado, o mais novo
learn-measure-apart-change = quanto mudou desde o anterior
learn-measure-missing = informados como faltantes
learn-measure-stopped = considerado parado
learn-measure-false-alarms = entre eles, por engano
learn-smoothed = RTT suavizado (SRTT)
learn-variation = desvio (RTTVAR)
learn-last-rtt = último RTT
learn-chart-name = RTTs de { $count } respostas, o timeout de { $timeout } e o que o estimador teria usado: { $estimated } no fim.
learn-chart-reply = resposta
learn-chart-timeout = timeout
learn-chart-estimate = estimativa

## A tarefa

learn-controls = Controles
learn-control-request-delay = Atraso na ida
learn-control-reply-delay = Atraso na volta
learn-control-jitter = Jitter em cada sentido
learn-control-request-loss = Perda na ida
learn-control-reply-loss = Perda na volta
learn-control-service = Tempo do servidor
learn-control-timeout = Timeout
learn-control-count = Pings
learn-control-interval = Intervalo
learn-control-clients = Clientes
learn-control-server-clock = Relógio do servidor adiantado em
learn-packets = Pacotes em trânsito agora
learn-packets-none = Nenhum. Avance até um momento em que haja um.
learn-act-drop = Descartar
learn-act-delay = Atrasar em { $span }
learn-act-duplicate = Duplicar
learn-act-corrupt = Corromper
learn-intervene-on =
    .aria-label = { $act }: { $packet }
learn-acted = { $act }: { $packet }, em { $at }
learn-your-acts = O que você fez
learn-start-over = Recomeçar
learn-goals = Objetivos
learn-goal-value = agora { $value }
learn-goal-met = alcançado
learn-goal-open = em aberto
learn-hint = Uma dica
learn-achieved = Você conseguiu.
learn-refused = O núcleo recusa esses ajustes: { $what }.

## De verdade

learn-real-title = Agora de verdade
learn-real-intro = O mesmo com pacotes reais, em uma máquina só: o primeiro comando em um terminal, os outros em outro. O que eles gravam, esta página abre.
learn-expect = O que esperar
learn-open-journal = Abrir uma gravação
learn-open-simulate = Abrir esta rede em Simular
learn-sources = Onde está escrito
learn-glossary = Palavras desta lição
learn-glossary-title = Glossário

## Exercício

learn-exercise-title = Exercício: { $lesson }
learn-exercise-intro = Uma execução que o seu professor escolheu. Reproduza, leia o diagrama e anote o que encontrar; depois salve o arquivo e entregue. Os tempos são conferidos com precisão de milissegundo.
learn-exercise-honest = O link esconde a semente da execução de quem olha de relance, e de ninguém que a procure. O arquivo prova o que foi encontrado, não quem encontrou.
learn-exercise-name = Nome
learn-exercise-save = Salvar o arquivo
learn-exercise-saved = Salvo como { $name }.
learn-exercise-missing = { $count ->
    [one] { $count } resposta falta ou não é um número.
   *[other] { $count } respostas faltam ou não são números.
}
learn-unit-ms = ms

## A página do professor

learn-teacher-title = Para o professor
learn-teacher-intro = Para que serve cada lição, as perguntas com as respostas, a tarefa com uma solução e os comandos que a repetem. Esta página foi feita para ser impressa.
learn-teacher-print = Imprimir
learn-teacher-aim = Objetivo
learn-teacher-solution = Uma solução
learn-teacher-go = ir para { $at }
learn-teacher-exercises = Exercícios
learn-teacher-exercises-intro = Um exercício é uma execução com uma semente escondida no link. Os alunos leem números no diagrama e entregam um arquivo; aqui a execução é refeita e cada número é comparado. Arquivos de outra execução, ou alterados depois de salvos pela página, são marcados.
learn-teacher-for = Para a lição
learn-teacher-make = Criar um link
learn-teacher-link = O link que a turma recebeu
learn-teacher-check = Conferir arquivos
learn-teacher-altered = alterado depois de salvo pela página
learn-teacher-other-run = não é a execução do seu link
learn-teacher-no-link = O link acima não leva a nenhum exercício desta página.
learn-teacher-run = Abrir esta execução
learn-teacher-checked = { $name }, { $lesson }: { $right } de { $all } certas
learn-teacher-nobody = (sem nome)
learn-teacher-reading = Pergunta
learn-teacher-given = Entregue
learn-teacher-truth = Valor correto
learn-teacher-yes = certo
learn-teacher-no = errado
learn-hand-in-not-ours = Este não é o arquivo de um exercício.
learn-hand-in-newer = O arquivo é de uma versão mais nova desta página ({ $version }).
learn-hand-in-no-lesson = Esta página não tem lição com esse nome: { $lesson }.
learn-hand-in-readings = O arquivo não tem tantas respostas quanto o exercício tem perguntas.
learn-hand-in-world = A execução não pôde ser repetida: { $what }.
