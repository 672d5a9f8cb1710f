#!/usr/bin/perl
# Reads names.txt ("name address" a line) anew when it has changed, and answers one name a line.
use strict;
use warnings;
use Time::HiRes ();

$| = 1;
my $file = $ARGV[0];
my ($seen, %backend) = ('');
while (my $name = <STDIN>) {
    chomp $name;
    my $now = join ' ', (Time::HiRes::stat($file))[1, 7, 9];
    if ($now ne $seen) {
        if (open my $in, '<', $file) {
            %backend = map { chomp; split ' ', $_, 2 } <$in>;
            $seen = $now;
        }
    }
    print $backend{lc $name} // 'NULL', "\n";
}
