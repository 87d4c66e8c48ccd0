package main

// A goroutine reads, and each ping waits on a channel.

import (
	"bytes"
	"fmt"
	"log"
	"net"
	"os"
	"strconv"
	"time"
)

type reply struct {
	seq int
	at  time.Time
}

func read(conn net.PacketConn, server string, replies chan<- reply) {
	buf := make([]byte, 2048)
	for {
		n, from, err := conn.ReadFrom(buf)
		if err != nil {
			return
		}
		at := time.Now()
		fields := bytes.Fields(bytes.TrimRight(buf[:n], "\x00"))
		if from.String() != server || len(fields) < 2 || !bytes.EqualFold(fields[0], []byte("ping")) {
			continue
		}
		if seq, err := strconv.Atoi(string(fields[1])); err == nil {
			replies <- reply{seq, at}
		}
	}
}

func main() {
	addr, err := net.ResolveUDPAddr("udp4", net.JoinHostPort(os.Args[1], os.Args[2]))
	if err != nil {
		log.Fatal(err)
	}
	conn, err := net.ListenPacket("udp4", ":0")
	if err != nil {
		log.Fatal(err)
	}
	replies := make(chan reply, 100)
	go read(conn, addr.String(), replies)
	var rtts []time.Duration
	for seq := 0; seq < 10; seq++ {
		start := time.Now()
		conn.WriteTo([]byte(fmt.Sprintf("PING %d %d\r\n", seq, start.UnixMilli())), addr)
		deadline := time.After(time.Second)
		for done := false; !done; {
			select {
			case r := <-replies:
				if r.seq == seq {
					rtts = append(rtts, r.at.Sub(start))
					fmt.Printf("reply %d in %v\n", seq, r.at.Sub(start))
					done = true
				}
			case <-deadline:
				fmt.Printf("reply %d: timed out\n", seq)
				done = true
			}
		}
	}
	var min, max, sum time.Duration
	for i, rtt := range rtts {
		if i == 0 || rtt < min {
			min = rtt
		}
		if rtt > max {
			max = rtt
		}
		sum += rtt
	}
	fmt.Printf("%d sent, %d received, %d%% loss\n", 10, len(rtts), 100*(10-len(rtts))/10)
	if len(rtts) > 0 {
		fmt.Printf("min %v avg %v max %v\n", min, sum/time.Duration(len(rtts)), max)
	}
}
