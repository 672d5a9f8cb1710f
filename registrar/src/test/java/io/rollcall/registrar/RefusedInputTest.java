package io.rollcall.registrar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rollcall.registry.State;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is wrong is refused at once, on the caller's thread, with the field, the value and what was expected. ZooKeeper is not needed. */
final class RefusedInputTest {
    private final Registrar registrar = Registrar.connect("127.0.0.1:1");

    @AfterEach
    void stop() {
        registrar.close();
    }

    private static Backend.Builder shop() {
        return Backend.of("shop.example.com", 8080);
    }

    private void refused(Backend.Builder backend, String message) {
        assertThatThrownBy(() -> registrar.register(backend.build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void onlyHttpIsRouted() {
        refused(shop().scheme("https"), "scheme: 'https' (expected: http; backends of other schemes are not routed)");
    }

    @Test
    void fieldsOutOfRange() {
        refused(Backend.of("shop.example.com", 0), "port: '0' (expected: 1..65535)");
        refused(Backend.of("shop.example.com", 70000), "port: '70000'");
        refused(Backend.of("a/b", 80), "service: 'a/b'");
        refused(Backend.of("..", 80), "relative paths not allowed");
        refused(shop().weight(101), "weight: '101' (expected: 0..100)");
        refused(shop().id("a~b"), "id: 'a~b'");
        refused(shop().address(" "), "address: ' '");
        refused(shop().address("shop-1"), "address: 'shop-1' (expected: an IP address, not a name)");
        refused(shop().address("10.0.0.256"), "address: '10.0.0.256'");
        refused(shop().address("10.0.0"), "address: '10.0.0'");
        refused(shop().address("fe80::1%eth0"), "address: 'fe80::1%eth0'");
        refused(shop().linger(Duration.ofSeconds(-1)), "linger: PT-1S (expected: 0 to 10 minutes)");
        refused(shop().metadata("k", "x".repeat(4000)), "expected: at most 4096");
    }

    @Test
    void bothKindsOfAddressAreTaken() {
        registrar.register(shop().address("255.10.0.1").build());
        registrar.register(shop().address("2001:db8::1").build());
        registrar.register(shop().address("::1").build());
        assertThat(registrar.registrations()).hasSize(3);
    }

    @Test
    void changesOutOfRange() {
        Registration registration = registrar.register(shop().build());
        assertThatThrownBy(() -> registration.setWeight(-1)).hasMessageContaining("weight: '-1' (expected: 0..100)");
        assertThatThrownBy(() -> registration.setState(State.LEFT)).hasMessageContaining("or call leave()");
    }

    @Test
    void anIdTwice() {
        registrar.register(shop().id("a").build());
        refused(shop().id("a"), "id: shop.example.com/a is registered already");
    }

    @Test
    void connectStringsAndSettings() {
        assertThatThrownBy(() -> Registrar.connect("")).hasMessageContaining("connect: '' (expected: host:port");
        assertThatThrownBy(() -> Registrar.connect("zk:x"))
                .hasMessageContaining("connect: 'zk:x' (expected: host:port");
        assertThatThrownBy(() -> Registrar.builder("zk").root("rollcall").build())
                .hasMessageContaining("root: 'rollcall'");
        assertThatThrownBy(() -> Registrar.builder("zk").sessionTimeout(Duration.ZERO))
                .hasMessageContaining("sessionTimeout: PT0S (expected: 1 s to 5 min)");
    }
}
