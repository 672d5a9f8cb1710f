package io.rollcall.agent.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressPolicyTest {
    private static final String PRIVATE = "10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7";

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, 10.1.2.3:8080",
        "172.31.255.255, 172.31.255.255:8080",
        "fd00::1, [fd00::1]:8080",
        "fd00:0:0:1:0:0:0:1, [fd00:0:0:1::1]:8080",
        "fd00:0:1:0:0:1:0:0, [fd00:0:1::1:0:0]:8080",
        "fd00:10:0:1:2:3:4:0, [fd00:10:0:1:2:3:4:0]:8080",
        "fd00::, [fd00::]:8080",
        "[FD00::AB], [fd00::ab]:8080",
        "::ffff:10.0.0.1, 10.0.0.1:8080",
    })
    void privateAddressesPass(String address, String target) {
        assertThat(judge(PRIVATE, address)).isEqualTo(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.8.8.8",
                "127.0.0.1",
                "172.32.0.1",
                "0.0.0.0",
                "224.0.0.1",
                "169.254.169.254",
                "255.255.255.255",
                "::1",
                "::",
                "fe80::1",
                "ff02::1",
                "::ffff:127.0.0.1",
                "2001:db8::1"
            })
    void othersAreRefused(String address) {
        assertThat(judge(PRIVATE, address)).contains("expected: in allow.networks");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "example.com",
                "127.1",
                "010.0.0.1",
                "0x0a000001",
                "167772161",
                "10.0.0.1.",
                "10.0.0.256",
                "10.0.0.1|10.0.0.2",
                "10.0.0.1 ",
                "[10.0.0.1]",
                "fe80::1%eth0",
                "[fd00::1",
                "fd00::1]",
                ":",
                "::g",
                "1:2:3"
            })
    void whatIsNoAddressIsNeverLookedUp(String address) {
        assertThat(judge("0.0.0.0/0, ::/0", address)).contains("expected: an IP address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0.0.0.0", "224.0.0.1", "169.254.169.254", "::1", "fe80::1", "ff02::1"})
    void aWideRangeDoesNotListSpecialAddresses(String address) {
        assertThat(judge("0.0.0.0/0, ::/0", address)).contains("expected: in allow.networks");
        assertThat(judge("0.0.0.0/1, 128.0.0.0/1, ::/1, 8000::/1", address)).contains("expected: in allow.networks");
    }

    @Test
    void anAddressThatIsNoneMakesNoSecondLine() {
        assertThat(judge(PRIVATE, "10.0.0.1\nERROR all is lost\u009b2J"))
                .isEqualTo("address: '10.0.0.1?ERROR all is lost?2J' (expected: an IP address; no name is looked up)");
    }

    @Test
    void specialAddressesPassWhenListed() {
        assertThat(judge("127.0.0.0/8", "127.0.0.2")).isEqualTo("127.0.0.2:8080");
        assertThat(judge("::1", "::1")).isEqualTo("[::1]:8080");
        assertThat(judge("0.0.0.0/0", "8.8.8.8")).isEqualTo("8.8.8.8:8080");
    }

    @Test
    void networksAreNamedAsPeopleWriteThem() {
        assertThat(judge(PRIVATE + ", 2001:db8::/32, ::/3", "8.8.8.8"))
                .isEqualTo("address: 8.8.8.8 (expected: in allow.networks " + PRIVATE + ", 2001:db8::/32, ::/3)");
    }

    @Test
    void portsOutsideTheListAreRefused() {
        AddressPolicy policy = AddressPolicy.of(AddressPolicy.networks(PRIVATE), AddressPolicy.ports("80, 1024-65535"));
        assertThat(policy.judge("10.0.0.1", 22, 1))
                .isEqualTo(new Standing.Refused("port: 22 (expected: in allow.ports 80, 1024-65535)"));
        assertThat(policy.judge("10.0.0.1", 80, 1)).isInstanceOf(Standing.Routable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "10.0.0/8", "example.com", "10.0.0.0/x"})
    void whatIsNoNetworkIsAnError(String text) {
        assertThatThrownBy(() -> AddressPolicy.networks(text)).isInstanceOf(IllegalArgumentException.class);
    }

    private static String judge(String networks, String address) {
        Standing standing = AddressPolicy.of(AddressPolicy.networks(networks), AddressPolicy.ports("1-65535"))
                .judge(address, 8080, 1);
        return standing instanceof Standing.Routable routable
                ? routable.target().toString()
                : ((Standing.Refused) standing).reason();
    }
}
