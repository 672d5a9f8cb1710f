package io.rollcall.apache;

class ResolverRoutingTest extends RoutingRules {
    ResolverRoutingTest() {
        super(Way.RESOLVER);
    }
}
