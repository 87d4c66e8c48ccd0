package main

import (
	"fmt"
	"net"
	"os"
	"strings"
	"time"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Println("usage: deadline host port")
		return
	}
	conn, err := net.Dial("udp4", os.Args[1]+":"+os.Args[2])
	if err != nil {
		fmt.Println(err)
		return
	}
	defer conn.Close()
	conn.SetReadDeadline(time.Now().Add(1 * time.Second)) // 1 second timeout
	buf := make([]byte, 1024)
	for i := 1; i <= 10; i++ {
		start := time.Now()
		msg := fmt.Sprintf("Ping %d %d", i, start.UnixNano())
		conn.Write([]byte(msg))
		for {
			n, err := conn.Read(buf)
			if err != nil {
				fmt.Println("Request timed out")
				break
			}
			if strings.EqualFold(string(buf[:n]), msg) {
				fmt.Printf("%s RTT=%.3fms\n", string(buf[:n]), float64(time.Since(start).Microseconds())/1000)
				break
			}
		}
	}
}
