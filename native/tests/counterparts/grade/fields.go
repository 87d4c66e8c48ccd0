// A right client for the assignment with fixed fields of 40 bytes, in Go.
package main

import (
	"fmt"
	"net"
	"os"
	"time"
)

func main() {
	server, _ := net.ResolveUDPAddr("udp4", net.JoinHostPort(os.Args[1], os.Args[2]))
	socket, _ := net.ListenUDP("udp4", nil)
	buffer := make([]byte, 65536)
	for number := 0; number < 5; number++ {
		start := time.Now()
		text := fmt.Sprintf("%05d0%04d%-30s", number, start.UnixMilli()%10000, "ping")
		socket.WriteToUDP([]byte(text), server)
		socket.SetReadDeadline(start.Add(time.Second))
		for {
			length, sender, err := socket.ReadFromUDP(buffer)
			if err != nil {
				fmt.Printf("pacote %d perdido\n", number)
				break
			}
			if sender.Port == server.Port && length == 40 && string(buffer[:6]) == fmt.Sprintf("%05d1", number) {
				fmt.Printf("pacote %d rtt %v\n", number, time.Since(start))
				break
			}
		}
	}
}
