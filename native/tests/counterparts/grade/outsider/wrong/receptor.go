// ping com uma goroutine que recebe
package main

import (
	"fmt"
	"net"
	"os"
	"sync"
	"time"
)

var (
	mu     sync.Mutex
	envios = []time.Time{time.Now()}
	feito  = map[int]time.Duration{}
)

func main() {
	c, err := net.Dial("udp4", net.JoinHostPort(os.Args[1], os.Args[2]))
	if err != nil {
		fmt.Println("erro:", err)
		os.Exit(1)
	}
	go func() {
		b := make([]byte, 2000)
		for {
			n, err := c.Read(b)
			agora := time.Now()
			if err != nil {
				time.Sleep(10 * time.Millisecond)
				continue
			}
			var cmd string
			var seq int
			if k, _ := fmt.Sscanf(string(b[:n]), "%s %d", &cmd, &seq); k != 2 {
				continue
			}
			mu.Lock()
			if _, ja := feito[seq]; seq >= 1 && seq == len(envios)-1 && !ja {
				feito[seq] = agora.Sub(envios[seq-1])
			}
			mu.Unlock()
		}
	}()
	for i := 1; i <= 10; i++ {
		mu.Lock()
		envios = append(envios, time.Now())
		mu.Unlock()
		fmt.Fprintf(c, "Ping %d %d", i, time.Now().Unix())
		time.Sleep(time.Second)
		mu.Lock()
		if d, ok := feito[i]; ok {
			fmt.Printf("Ping %d: RTT %.3f ms\n", i, float64(d.Nanoseconds())/1e6)
		} else {
			fmt.Printf("Ping %d: tempo esgotado\n", i)
		}
		mu.Unlock()
	}
	fmt.Printf("%d%% de perda\n", 100-10*len(feito))
}
