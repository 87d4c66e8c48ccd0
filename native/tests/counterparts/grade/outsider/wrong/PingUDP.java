import java.net.*;
import java.nio.charset.StandardCharsets;
import java.util.*;

public class PingUDP {
    private final InetAddress ip;
    private final int port;
    private final DatagramSocket socket;
    private final List<Double> rtts = new ArrayList<>();
    private int sent = 0;

    PingUDP(String host, int port) throws Exception {
        this.ip = InetAddress.getByName(host);
        this.port = port;
        this.socket = new DatagramSocket();
    }

    void ping(int seq) throws Exception {
        String m = String.format("Ping %d %tT", seq, new Date());
        byte[] b = m.getBytes(StandardCharsets.UTF_8);
        long t0 = System.nanoTime();
        socket.send(new DatagramPacket(b, b.length, ip, port));
        sent++;
        while (true) {
            long left = 1000 - (System.nanoTime() - t0) / 1_000_000;
            if (left <= 0) throw new SocketTimeoutException();
            socket.setSoTimeout((int) left);
            DatagramPacket r = new DatagramPacket(new byte[1500], 1500);
            socket.receive(r);
            double ms = (System.nanoTime() - t0) / 1e6;
            if (r.getPort() == port && r.getAddress().equals(ip)
                    && m.equalsIgnoreCase(new String(r.getData(), 0, r.getLength(), StandardCharsets.UTF_8))) {
                rtts.add(ms);
                System.out.printf(Locale.ROOT, "Reply %d from %s in %.3f ms%n", seq, ip.getHostAddress(), ms);
                return;
            }
        }
    }

    public static void main(String[] args) throws Exception {
        PingUDP p = new PingUDP(args[0], Integer.parseInt(args[1]));
        try {
            for (int i = 1; i <= 10; i++)
                p.ping(i);
        } catch (SocketTimeoutException e) {
            System.out.println("Request timed out");
        } finally {
            p.socket.close();
        }
        System.out.println(p.sent + " sent, " + p.rtts.size() + " received, "
                + 100 * (p.sent - p.rtts.size()) / p.sent + "% lost");
    }
}
