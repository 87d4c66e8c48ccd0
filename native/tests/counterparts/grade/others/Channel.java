import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;

public class Channel {
    public static void main(String[] args) throws IOException {
        InetSocketAddress server = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
        DatagramChannel channel = DatagramChannel.open();
        channel.configureBlocking(false);
        Selector selector = Selector.open();
        channel.register(selector, SelectionKey.OP_READ);
        ByteBuffer buffer = ByteBuffer.allocate(65536);
        int received = 0;
        for (int n = 1; n <= 10; n++) {
            String text = "Ping " + n + " " + System.currentTimeMillis();
            long start = System.nanoTime(), rtt = -1;
            channel.send(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), server);
            long left;
            while (rtt < 0 && (left = 1000 - (System.nanoTime() - start) / 1000000) > 0) {
                selector.select(left);
                selector.selectedKeys().clear();
                InetSocketAddress from;
                buffer.clear();
                while (rtt < 0 && (from = (InetSocketAddress) channel.receive(buffer)) != null) {
                    buffer.flip();
                    String reply = StandardCharsets.ISO_8859_1.decode(buffer).toString().replace("\0", "").trim();
                    if (from.equals(server) && reply.equalsIgnoreCase(text)) rtt = System.nanoTime() - start;
                    buffer.clear();
                }
            }
            if (rtt < 0) {
                System.out.println("Packet " + n + " lost");
            } else {
                received++;
                System.out.println("Packet " + n + " round-trip time: " + rtt / 1000 + " microseconds");
            }
        }
        System.out.println("Packets sent: 10, packets received: " + received + ", packets lost: " + (10 - received));
    }
}
