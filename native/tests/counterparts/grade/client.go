// A right client for the assignment, in Go.
package main

import (
	"fmt"
	"net"
	"os"
	"strings"
	"time"
)

func main() {
	server, err := net.ResolveUDPAddr("udp", os.Args[1]+":"+os.Args[2])
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	socket, _ := net.ListenUDP("udp4", nil)
	defer socket.Close()
	received := 0
	for number := 1; number <= 10; number++ {
		start := time.Now()
		socket.WriteToUDP([]byte(fmt.Sprintf("Ping %d %d", number, start.UnixNano())), server)
		socket.SetReadDeadline(start.Add(time.Second))
		buffer := make([]byte, 65536)
		for {
			length, sender, err := socket.ReadFromUDP(buffer)
			if err != nil {
				fmt.Printf("ping %d: lost\n", number)
				break
			}
			words := strings.Fields(strings.Trim(string(buffer[:length]), "\x00"))
			if sender.Port != server.Port {
				continue
			}
			if len(words) < 2 || words[1] != fmt.Sprint(number) {
				continue
			}
			received++
			fmt.Printf("ping %d: rtt=%v\n", number, time.Since(start))
			break
		}
	}
	fmt.Printf("packet loss: %.1f%%\n", float64(10-received)/10*100)
}
