// All pings at once, and replies numbered as they come.
import java.net.*;

public class Burst {
    public static void main(String[] words) throws Exception {
        InetAddress host = InetAddress.getByName(words[0]);
        int port = Integer.parseInt(words[1]);
        DatagramSocket socket = new DatagramSocket();
        for (int number = 0; number < 10; number++) {
            byte[] data = ("PING " + number + " " + System.currentTimeMillis() + " \r\n").getBytes();
            socket.send(new DatagramPacket(data, data.length, host, port));
        }
        long start = System.nanoTime();
        int number = 0;
        try {
            while (number < 10) {
                long left = 1000 - (System.nanoTime() - start) / 1000000;
                if (left <= 0) break;
                socket.setSoTimeout((int) left);
                DatagramPacket reply = new DatagramPacket(new byte[2048], 2048);
                socket.receive(reply);
                if (reply.getPort() != port || !new String(reply.getData(), 0, 4).equalsIgnoreCase("ping")) continue;
                System.out.println("Reply " + number + ": RTT " + (System.nanoTime() - start) / 1e6 + " ms");
                number++;
            }
        } catch (SocketTimeoutException late) {
        }
        for (; number < 10; number++) System.out.println("Reply " + number + ": no response, timeout");
    }
}
