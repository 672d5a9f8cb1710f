package io.rollcall.apache;

class HashedRoutingTest extends RoutingRules {
    HashedRoutingTest() {
        super(Way.HASHED);
    }
}
