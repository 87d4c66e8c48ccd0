#!/usr/bin/env perl
# Both ends of what courses' programs speak, in Perl.
#
#     courses.pl serve KIND
#     courses.pl ping KIND HOST PORT
#
# A server prints `PORT <n>` and runs until its standard input closes. A client pings five
# times, one after another, and exits 0 if every reply was its ping's.

use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use Time::HiRes qw(time);

use constant { PINGS => 5, TIMEOUT => 5 };

# From a request to its reply; undef is silence.
my %serve = (
    # Lower case and nothing else.
    'lower-pong' => sub { $_[0] =~ /\Aping (.*)\z/s ? "pong $1" : undef },
    # A line for each field, the number first.
    'two-lines' => sub { $_[0] =~ /\A\d+\nPING\z/ ? $_[0] : undef },
    'pong' => sub { 'pong' },
    'hello' => sub { 'Hello from server' },
    'no-text' => sub { "\xff\xfe\x80\x81" },
    'empty' => sub { '' },
);

# A ping, and what its reply has to be.
my %ping = (
    'lower-pong' => sub { my $rest = "$_[0] " . int(time * 1000); ("ping $rest", qr/\Apong \Q$rest\E\z/) },
    'two-lines' => sub { ("$_[0]\nPING", qr/\A$_[0]\nPING\z/) },
    'pong' => sub { ('ping', qr/\Apong\z/) },
);

sub serve {
    my ($answer) = @_;
    my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Proto => 'udp') or die "$@\n";
    $| = 1;
    print 'PORT ', $socket->sockport, "\n";
    my $ready = IO::Select->new($socket, \*STDIN);
    while (1) {
        for my $source ($ready->can_read) {
            return if $source == \*STDIN;
            my $client = $socket->recv(my $request, 65_536);
            my $reply = $answer->($request);
            $socket->send($reply, 0, $client) if defined $reply;
        }
    }
}

sub ping {
    my ($make, $host, $port) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port, Proto => 'udp') or die "$@\n";
    my $ready = IO::Select->new($socket);
    for my $number (1 .. PINGS) {
        my ($request, $expected) = $make->($number);
        $socket->send($request);
        die "$number timed out\n" unless $ready->can_read(TIMEOUT);
        $socket->recv(my $reply, 65_536);
        die "$number got $reply\n" unless $reply =~ $expected;
    }
}

my ($end, $kind, @address) = @ARGV;
if ($end eq 'serve') { serve($serve{$kind} // die "no such server\n") }
else { ping($ping{$kind} // die("no such client\n"), @address) }
