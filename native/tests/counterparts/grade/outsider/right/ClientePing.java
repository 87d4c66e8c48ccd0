import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.*;
import java.nio.charset.StandardCharsets;
import java.time.*;
import java.time.format.DateTimeFormatter;
import java.util.*;

public class ClientePing {
    static final Locale BR = new Locale("pt", "BR");

    public static void main(String[] args) throws Exception {
        String host = args.length > 0 ? args[0] : "localhost";
        int porta = args.length > 1 ? Integer.parseInt(args[1]) : 12000;
        var canal = DatagramChannel.open();
        canal.configureBlocking(false);
        canal.connect(new InetSocketAddress(host, porta));
        var seletor = Selector.open();
        canal.register(seletor, SelectionKey.OP_READ);
        List<Double> tempos = new ArrayList<>();

        System.out.println("==============================================");
        System.out.println(" PINGER UDP - Redes de Computadores I");
        System.out.println(" Servidor: " + host + "  Porta: " + porta);
        System.out.println("==============================================");

        for (int i = 1; i <= 10; i++) {
            String msg = "Ping " + i + " " + LocalDateTime.now().format(DateTimeFormatter.ofPattern("dd/MM/yyyy HH:mm:ss.SSS"));
            long t0 = System.nanoTime();
            try {
                canal.write(ByteBuffer.wrap(msg.getBytes(StandardCharsets.UTF_8)));
            } catch (PortUnreachableException e) { }
            Double rtt = esperar(canal, seletor, msg, t0);
            if (rtt == null) {
                System.out.printf(BR, "[%d] Tempo de requisição esgotado%n", i);
            } else {
                tempos.add(rtt);
                System.out.printf(BR, "[%d] RTT = %.4f ms%n", i, rtt);
            }
            long resto = 1000 - (System.nanoTime() - t0) / 1_000_000;
            if (resto > 0 && i < 10) Thread.sleep(resto);
        }
        var st = tempos.stream().mapToDouble(Double::doubleValue).summaryStatistics();
        System.out.println("----------------------------------------------");
        System.out.printf(BR, "Enviados: 10  Recebidos: %d  Perda: %.1f%%%n", tempos.size(), (10 - tempos.size()) * 10.0);
        if (st.getCount() > 0)
            System.out.printf(BR, "RTT mínimo: %.4f ms%nRTT médio: %.4f ms%nRTT máximo: %.4f ms%n", st.getMin(), st.getAverage(), st.getMax());
    }

    static Double esperar(DatagramChannel canal, Selector sel, String msg, long t0) throws Exception {
        ByteBuffer buf = ByteBuffer.allocate(2048);
        while (true) {
            long resta = 1000 - (System.nanoTime() - t0) / 1_000_000;
            if (resta <= 0) return null;
            sel.select(resta);
            sel.selectedKeys().clear();
            buf.clear();
            int n;
            try {
                n = canal.read(buf);
            } catch (PortUnreachableException e) { continue; }
            if (n <= 0) continue;
            long agora = System.nanoTime();
            String r = new String(buf.array(), 0, n, StandardCharsets.UTF_8);
            if (r.equalsIgnoreCase(msg) && agora - t0 <= 1_000_000_000L) return (agora - t0) / 1e6;
        }
    }
}
