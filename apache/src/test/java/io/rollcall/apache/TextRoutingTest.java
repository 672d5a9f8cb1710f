package io.rollcall.apache;

class TextRoutingTest extends RoutingRules {
    TextRoutingTest() {
        super(Way.TEXT);
    }
}
