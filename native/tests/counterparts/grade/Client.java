// A right client for the assignment, in Java: a ping a second.
import java.net.*;
import java.nio.charset.StandardCharsets;

public class Client {
    public static void main(String[] words) throws Exception {
        InetAddress host = InetAddress.getByName(words[0]);
        int port = Integer.parseInt(words[1]);
        DatagramSocket socket = new DatagramSocket();
        long sum = 0, least = Long.MAX_VALUE, most = 0;
        int received = 0;
        for (int number = 0; number < 10; number++) {
            byte[] data = ("PING " + number + " " + System.currentTimeMillis() + " \r\n").getBytes();
            long start = System.nanoTime();
            socket.send(new DatagramPacket(data, data.length, host, port));
            long rtt = -1;
            while (rtt < 0) {
                long left = 1000 - (System.nanoTime() - start) / 1000000;
                if (left <= 0) break;
                socket.setSoTimeout((int) left);
                DatagramPacket reply = new DatagramPacket(new byte[2048], 2048);
                try {
                    socket.receive(reply);
                } catch (SocketTimeoutException late) {
                    break;
                }
                String text = new String(reply.getData(), 0, reply.getLength(), StandardCharsets.ISO_8859_1);
                String[] parts = text.trim().split("\\s+");
                if (reply.getPort() != port) continue;
                if (parts.length < 2 || !parts[1].equals("" + number)) continue;
                rtt = System.nanoTime() - start;
            }
            if (rtt >= 0) {
                received++;
                sum += rtt;
                least = Math.min(least, rtt);
                most = Math.max(most, rtt);
                System.out.println("Reply " + number + ": RTT " + rtt / 1e6 + " ms");
            } else {
                System.out.println("Reply " + number + ": no response");
            }
            long rest = 1000 - (System.nanoTime() - start) / 1000000;
            if (rest > 0 && number < 9) Thread.sleep(rest);
        }
        if (received > 0) {
            System.out.println("Minimum = " + least / 1e6 + " ms, Maximum = " + most / 1e6 + " ms, Average = "
                + sum / received / 1e6 + " ms");
        }
        System.out.println("Loss: " + (10 - received) * 100 / 10 + "%");
        socket.close();
    }
}
