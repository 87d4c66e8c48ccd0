// A right client for the assignment with fixed fields of 40 bytes, in Java.
import java.net.*;

public class Fields {
    public static void main(String[] words) throws Exception {
        InetAddress host = InetAddress.getByName(words[0]);
        int port = Integer.parseInt(words[1]);
        DatagramSocket socket = new DatagramSocket();
        for (int number = 0; number < 5; number++) {
            long start = System.nanoTime();
            String text = String.format("%05d0%04d%-30s", number, start / 1000000 % 10000, "ping");
            socket.send(new DatagramPacket(text.getBytes(), text.length(), host, port));
            String said = "perdido";
            long left;
            while ((left = 1000 - (System.nanoTime() - start) / 1000000) > 0) {
                socket.setSoTimeout((int) left);
                DatagramPacket reply = new DatagramPacket(new byte[2048], 2048);
                try {
                    socket.receive(reply);
                } catch (SocketTimeoutException late) {
                    break;
                }
                String got = new String(reply.getData(), 0, reply.getLength());
                if (reply.getPort() == port && got.length() == 40 && got.startsWith(text.substring(0, 5) + "1")) {
                    said = "rtt " + (System.nanoTime() - start) / 1e6 + " ms";
                    break;
                }
            }
            System.out.println("pacote " + number + " " + said);
        }
    }
}
