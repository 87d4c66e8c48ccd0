// Pinger UDP com goroutine leitora e canal
package main

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

type chegada struct {
	seq int
	em  time.Time
}

func virgula(f float64) string {
	return strings.Replace(strconv.FormatFloat(f, 'f', 3, 64), ".", ",", 1)
}

func main() {
	alvo, err := net.ResolveUDPAddr("udp4", net.JoinHostPort(os.Args[1], os.Args[2]))
	if err != nil {
		panic(err)
	}
	s, err := net.ListenUDP("udp4", nil)
	if err != nil {
		panic(err)
	}
	ch := make(chan chegada, 100)
	go func() {
		b := make([]byte, 65536)
		for {
			n, de, err := s.ReadFromUDP(b)
			agora := time.Now()
			if err != nil {
				return
			}
			if de.Port != alvo.Port || !de.IP.Equal(alvo.IP) {
				continue
			}
			p := strings.Fields(string(b[:n]))
			if len(p) < 2 || strings.ToUpper(p[0]) != "PING" {
				continue
			}
			if k, err := strconv.Atoi(p[1]); err == nil {
				ch <- chegada{k, agora}
			}
		}
	}()

	w := tabwriter.NewWriter(os.Stdout, 8, 8, 2, ' ', 0)
	fmt.Fprintln(w, "SEQ\tSITUAÇÃO\tRTT (ms)")
	fmt.Fprintln(w, "---\t--------\t--------")
	var rtts []float64
	for i := 1; i <= 10; i++ {
		t := time.Now()
		fmt.Fprintf(os.Stderr, "enviando %d/10\r", i)
		s.WriteToUDP([]byte(fmt.Sprintf("Ping %d %d", i, t.UnixMilli())), alvo)
		fim := time.After(time.Second)
	espera:
		for {
			select {
			case c := <-ch:
				if c.seq != i || c.em.Sub(t) > time.Second {
					continue
				}
				ms := float64(c.em.Sub(t).Nanoseconds()) / 1e6
				rtts = append(rtts, ms)
				fmt.Fprintf(w, "%d\trecebido\t%s\n", i, virgula(ms))
				break espera
			case <-fim:
				fmt.Fprintf(w, "%d\tPERDIDO\t-\n", i)
				break espera
			}
		}
	}
	w.Flush()
	fmt.Println()
	fmt.Printf("Pacotes perdidos: %d%%\n", 100-10*len(rtts))
	if len(rtts) > 0 {
		min, max, soma := rtts[0], rtts[0], 0.0
		for _, r := range rtts {
			if r < min {
				min = r
			}
			if r > max {
				max = r
			}
			soma += r
		}
		fmt.Println("Menor:", virgula(min), "| Maior:", virgula(max), "| Média:", virgula(soma/float64(len(rtts))))
	}
}
