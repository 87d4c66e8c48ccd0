import logging
import socket
import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import mean

logging.basicConfig(stream=sys.stdout, level=logging.DEBUG,
                    format="%(asctime)s [%(levelname)s] %(message)s")
log = logging.getLogger("pinger")


@dataclass
class Pinger:
    host: str
    porta: int
    total: int = 10
    espera: timedelta = timedelta(seconds=1)
    amostras: list = field(default_factory=list)

    def executar(self):
        self.ip = socket.gethostbyname(self.host)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as self.sk:
            log.debug("alvo %s:%s", self.ip, self.porta)
            for n in range(1, self.total + 1):
                rtt = self.um_ping(n)
                if rtt is None:
                    log.warning("ping %d: tempo esgotado", n)
                else:
                    self.amostras.append(rtt)
                    log.info("ping %d: RTT = %.3f ms", n, rtt)
        self.resumo()

    def um_ping(self, n):
        inicio = datetime.now()
        texto = f"Ping {n} {inicio.isoformat()}"
        self.sk.sendto(texto.encode(), (self.ip, self.porta))
        log.debug("enviado: %s", texto)
        fim = inicio + self.espera
        while datetime.now() < fim:
            self.sk.settimeout(max((fim - datetime.now()).total_seconds(), 0.001))
            try:
                bruto, origem = self.sk.recvfrom(4096)
            except socket.timeout:
                return None
            chegada = datetime.now()
            if origem == (self.ip, self.porta) and bruto.upper() == texto.upper().encode():
                return (chegada - inicio) / timedelta(milliseconds=1)
            log.debug("descartado: %r de %s", bruto[:40], origem)
        return None

    def resumo(self):
        ok = len(self.amostras)
        log.info("recebidos %d de %d - perda de %.0f%%", ok, self.total, 100 * (1 - ok / self.total))
        if ok:
            log.info("RTT mínimo %.3f ms / médio %.3f ms / máximo %.3f ms",
                     min(self.amostras), mean(self.amostras), max(self.amostras))


if __name__ == "__main__":
    Pinger(sys.argv[1], int(sys.argv[2])).executar()
