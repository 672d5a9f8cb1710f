# Every request passes: what is measured is routing, not a cache. Names are compared one after the other, for VCL has no map.
vcl 4.1;

@BACKENDS@

sub vcl_recv {
    @NAMES@
    return (pass);
}
