// All pings at once, and replies numbered as they come.
package main

import (
	"fmt"
	"net"
	"os"
	"time"
)

func main() {
	socket, err := net.Dial("udp4", net.JoinHostPort(os.Args[1], os.Args[2]))
	if err != nil {
		panic(err)
	}
	var start time.Time
	for number := 1; number <= 10; number++ {
		start = time.Now()
		fmt.Fprintf(socket, "Ping %d %d", number, start.UnixNano())
	}
	socket.SetReadDeadline(start.Add(time.Second))
	buffer := make([]byte, 65536)
	number := 1
	for number <= 10 {
		length, err := socket.Read(buffer)
		if err, ok := err.(net.Error); ok && err.Timeout() {
			break
		}
		if err != nil || length < 4 {
			continue
		}
		fmt.Printf("ping %d: rtt=%v\n", number, time.Since(start))
		number++
	}
	for ; number <= 10; number++ {
		fmt.Printf("ping %d: timed out\n", number)
	}
}
