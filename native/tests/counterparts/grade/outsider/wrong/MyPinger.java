import java.net.*;

public class MyPinger {
    public static void main(String[] args) throws Exception {
        InetAddress host = InetAddress.getByName(args[0]);
        int port = Integer.parseInt(args[1]);
        DatagramSocket ds = new DatagramSocket();
        ds.connect(host, port);
        long startTime = System.currentTimeMillis();
        for (int i = 1; i <= 10; i++) {
            String msg = "Ping " + i + " " + System.currentTimeMillis();
            long deadline = System.currentTimeMillis() + 1000;
            try {
                ds.send(new DatagramPacket(msg.getBytes(), msg.length()));
                String s;
                DatagramPacket dp;
                do {
                    int left = (int) (deadline - System.currentTimeMillis());
                    if (left <= 0) throw new SocketTimeoutException();
                    ds.setSoTimeout(left);
                    dp = new DatagramPacket(new byte[1024], 1024);
                    ds.receive(dp);
                    s = new String(dp.getData(), 0, dp.getLength());
                } while (!s.equalsIgnoreCase(msg));
                long rtt = System.currentTimeMillis() - startTime;
                System.out.println("Ping " + i + " received, RTT = " + rtt + " ms");
            } catch (SocketTimeoutException | PortUnreachableException e) {
                System.out.println("Ping " + i + " Request timed out");
            }
            long rest = deadline - System.currentTimeMillis();
            if (rest > 0) Thread.sleep(rest);
        }
        ds.close();
    }
}
