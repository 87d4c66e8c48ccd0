#!/usr/bin/env perl
# A client that knows one word: sends `ping` ten times and awaits `pong`, or its
# own word back, for a second each.
#
#     bare_client.pl HOST PORT
#
# Exits 0 if every ping was answered.

use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

use constant { PINGS => 10, TIMEOUT => 1 };

die "usage: bare_client.pl HOST PORT\n" unless @ARGV == 2;
my ($host, $port) = @ARGV;
my $socket = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port, Proto => 'udp')
    or die "cannot reach $host: $@\n";
my $ready = IO::Select->new($socket);

my $answered = 0;
for my $number (1 .. PINGS) {
    my $sent = clock_gettime(CLOCK_MONOTONIC);
    defined $socket->send('ping') or die "cannot send: $!\n";
    if (!$ready->can_read(TIMEOUT)) {
        print "$number timed out\n";
        next;
    }
    defined $socket->recv(my $reply, 65_536) or die "cannot receive: $!\n";
    if ($reply =~ /\A p[io]ng \s* \z/xi) {
        printf "%d %.3f ms %s\n", $number, 1000 * (clock_gettime(CLOCK_MONOTONIC) - $sent), $reply;
        $answered++;
    } else {
        print "$number not a pong: $reply\n";
    }
}
print PINGS, " sent, $answered answered\n";
exit($answered == PINGS ? 0 : 1);
