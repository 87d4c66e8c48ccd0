import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** Cliente PING em UDP. */
public class Pinger {
    private static final int PINGS = 10;
    private static final int TIMEOUT = 1000;

    public static void main(String[] args) throws Exception {
        InetAddress servidor = InetAddress.getByName(args[0]);
        int porta = Integer.parseInt(args[1]);
        List<Double> rtts = new ArrayList<>();
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < PINGS; i++) {
                String mensagem = "PING " + i + " " + System.currentTimeMillis() + "\r\n";
                byte[] dados = mensagem.getBytes("US-ASCII");
                long envio = System.nanoTime();
                socket.send(new DatagramPacket(dados, dados.length, servidor, porta));
                double rtt = espera(socket, servidor, porta, i, envio);
                if (rtt >= 0) {
                    rtts.add(rtt);
                    System.out.printf("Resposta de %s: seq=%d RTT=%.3f ms%n", args[0], i, rtt);
                } else {
                    System.out.printf("seq=%d: sem resposta (timeout)%n", i);
                }
            }
        }
        System.out.printf("Perda: %.1f%%%n", 100.0 * (PINGS - rtts.size()) / PINGS);
        if (!rtts.isEmpty()) {
            double min = rtts.stream().mapToDouble(Double::doubleValue).min().getAsDouble();
            double max = rtts.stream().mapToDouble(Double::doubleValue).max().getAsDouble();
            double media = rtts.stream().mapToDouble(Double::doubleValue).average().getAsDouble();
            System.out.printf("RTT mín: %.3f ms, máx: %.3f ms, méd: %.3f ms%n", min, max, media);
        }
    }

    private static double espera(DatagramSocket socket, InetAddress de, int porta, int seq, long envio) throws Exception {
        byte[] buffer = new byte[65536];
        while (true) {
            int falta = TIMEOUT - (int) ((System.nanoTime() - envio) / 1_000_000);
            if (falta <= 0) return -1;
            socket.setSoTimeout(falta);
            DatagramPacket resposta = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(resposta);
            } catch (SocketTimeoutException e) {
                return -1;
            }
            long chegada = System.nanoTime();
            if (!resposta.getAddress().equals(de) || resposta.getPort() != porta) continue;
            String[] campos = new String(resposta.getData(), 0, resposta.getLength(), "ISO-8859-1").trim().split("\\s+");
            if (campos.length > 1 && campos[0].equalsIgnoreCase("PING") && campos[1].equals(String.valueOf(seq))) {
                return (chegada - envio) / 1e6;
            }
        }
    }
}
