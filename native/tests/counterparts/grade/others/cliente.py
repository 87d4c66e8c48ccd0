"""Cliente de ping sobre UDP: trabalho 1 de Redes."""
import select
import socket
import sys
import time

TOTAL = 10
LIMITE = 1.0


class Cliente:
    def __init__(self, host, porta):
        self.destino = (socket.gethostbyname(host), porta)
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.tempos = []

    def pingar(self, n):
        inicio = time.monotonic()
        prazo = inicio + LIMITE
        self.sock.sendto(f"PING {n} {time.time():.6f}".encode("ascii"), self.destino)
        while True:
            falta = prazo - time.monotonic()
            if falta <= 0:
                return None
            prontos, _, _ = select.select([self.sock], [], [], falta)
            if not prontos:
                return None
            dados, origem = self.sock.recvfrom(65535)
            if origem != self.destino:
                continue
            campos = dados.split(b"\0")[0].split()
            if len(campos) > 1 and campos[0].upper() == b"PING" and campos[1] == b"%d" % n:
                return (time.monotonic() - inicio) * 1000

    def rodar(self):
        for n in range(TOTAL):
            tempo = self.pingar(n)
            if tempo is None:
                print(f"Pacote {n} perdido")
            else:
                self.tempos.append(tempo)
                print(f"Pacote {n}: RTT = {tempo:.2f} ms".replace(".", ","))
        perdidos = TOTAL - len(self.tempos)
        print("--- Estatísticas ---")
        print(f"Enviados: {TOTAL}  Recebidos: {len(self.tempos)}  Perdidos: {perdidos} ({perdidos * 100 / TOTAL:.0f}%)")
        if self.tempos:
            media = sum(self.tempos) / len(self.tempos)
            print(f"RTT mínimo: {min(self.tempos):.2f} ms | RTT máximo: {max(self.tempos):.2f} ms | RTT médio: {media:.2f} ms")


Cliente(sys.argv[1], int(sys.argv[2])).rodar()
