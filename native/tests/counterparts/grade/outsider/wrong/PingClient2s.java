import java.io.*;
import java.net.*;
import java.util.*;

/** UDP ping client.  java PingClient host port */
public class PingClient2s {
    private static final int TIMEOUT = 2000;

    public static void main(String[] args) throws Exception {
        if (args.length != 2) {
            System.out.println("Required arguments: host port");
            return;
        }
        InetAddress server = InetAddress.getByName(args[0]);
        int port = Integer.parseInt(args[1]);
        DatagramSocket socket = new DatagramSocket();
        long min = Long.MAX_VALUE, max = 0, sum = 0;
        int got = 0;

        for (int seq = 0; seq < 10; seq++) {
            String str = "PING " + seq + " " + new Date().getTime() + " \r\n";
            byte[] buf = str.getBytes("US-ASCII");
            long start = System.nanoTime();
            socket.send(new DatagramPacket(buf, buf.length, server, port));
            boolean answered = false;
            while (!answered) {
                long left = TIMEOUT - (System.nanoTime() - start) / 1000000;
                if (left <= 0) break;
                socket.setSoTimeout((int) left);
                DatagramPacket reply = new DatagramPacket(new byte[1024], 1024);
                try {
                    socket.receive(reply);
                } catch (SocketTimeoutException e) {
                    break;
                }
                long rtt = System.nanoTime() - start;
                if (!reply.getAddress().equals(server) || reply.getPort() != port) continue;
                String text = new String(reply.getData(), 0, reply.getLength(), "US-ASCII");
                if (!text.trim().equalsIgnoreCase(str.trim())) continue;
                answered = true;
                got++;
                sum += rtt;
                min = Math.min(min, rtt);
                max = Math.max(max, rtt);
                System.out.println("Received from " + reply.getAddress().getHostAddress() + ": "
                        + text.trim() + " Delay: " + rtt / 1e6 + " ms");
            }
            if (!answered)
                System.out.println("Timeout for packet " + seq);
        }
        System.out.println();
        System.out.println("Packets lost: " + (10 - got) + " (" + (10 - got) * 10 + "%)");
        if (got > 0)
            System.out.printf(Locale.US, "min %.3f ms, max %.3f ms, avg %.3f ms%n", min / 1e6, max / 1e6, sum / 1e6 / got);
        socket.close();
    }
}
