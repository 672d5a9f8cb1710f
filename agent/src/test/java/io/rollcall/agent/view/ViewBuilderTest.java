package io.rollcall.agent.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.agent.health.Conditions;
import io.rollcall.agent.health.Settings;
import io.rollcall.agent.watch.Facts;
import io.rollcall.agent.watch.Node;
import io.rollcall.agent.watch.Orders;
import io.rollcall.agent.watch.Roll;
import io.rollcall.registry.Instance;
import io.rollcall.registry.Paths;
import io.rollcall.registry.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class ViewBuilderTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);

    private final ViewBuilder builder = new ViewBuilder(
            new Paths("/rollcall"),
            AddressPolicy.of(AddressPolicy.networks("10.0.0.0/8"), AddressPolicy.ports("80, 1024-65535")),
            Pattern.compile(".+\\..+"),
            WEEK,
            Settings.DEFAULTS);

    @Test
    void backendsThatAreUpGetRequests() {
        View view = build(
                node("shop.example.com", "a", 1, up("10.0.0.1")), node("shop.example.com", "b", 2, up("10.0.0.2")));
        assertThat(routable(view, "shop.example.com")).containsExactly("10.0.0.1:8080", "10.0.0.2:8080");
    }

    @Test
    void namesAreComparedInLowerCaseAndWithoutTheRootsDot() {
        View view = build(
                node("Shop.Example.COM", "a", 1, up("10.0.0.1")), node("shop.example.com.", "b", 2, up("10.0.0.2")));
        assertThat(routable(view, "SHOP.example.com")).containsExactly("10.0.0.1:8080", "10.0.0.2:8080");
        assertThat(view.services()).containsOnlyKeys("shop.example.com");
    }

    @Test
    void ofSeveralNodesWithOneIdTheYoungestCounts() {
        View view = build(
                node("shop.example.com", "a~old", 7, up("10.0.0.1")),
                node("shop.example.com", "a~new", 8, up("10.0.0.2")));
        assertThat(routable(view, "shop.example.com")).containsExactly("10.0.0.2:8080");
        assertThat(reason(view, "a~old"))
                .isEqualTo("replaced by the younger a~new at another address; if that stays, two servers use one id");
    }

    @Test
    void aServerThatRegisteredAnewAtTheSamePlaceIsNoRival() {
        View view = build(
                node("shop.example.com", "a~old", 7, up("10.0.0.1")),
                node("shop.example.com", "a~new", 8, up("10.0.0.1")));
        assertThat(reason(view, "a~old")).isEqualTo("replaced by the younger a~new");
    }

    @Test
    void aYoungerNodeThatIsMalformedDoesNotReplaceASoundOne() {
        View view = build(
                node("shop.example.com", "a~old", 7, up("10.0.0.1")),
                new Node("shop.example.com", "a~new", 8, 8, new Node.Content.Malformed("port: '0'")));
        assertThat(routable(view, "shop.example.com")).containsExactly("10.0.0.1:8080");
    }

    @Test
    void whoLeftOrIsDownOrHasNoWeightGetsNothingNew() {
        View view = build(
                node("shop.example.com", "a", 1, up("10.0.0.1").withState(State.LEFT)),
                node("shop.example.com", "b", 2, up("10.0.0.2").withState(State.DRAINING)),
                node("shop.example.com", "c", 3, up("10.0.0.3").withState(State.DOWN)),
                node("shop.example.com", "d", 4, up("10.0.0.4").withWeight(0)));
        assertThat(routable(view, "shop.example.com")).isEmpty();
        assertThat(view.service("shop.example.com").orElseThrow().known()).isTrue();
        assertThat(reason(view, "a")).isEqualTo("state is left");
        assertThat(reason(view, "d")).isEqualTo("weight is 0");
    }

    @Test
    void oneBadNodeIsRefusedAlone() {
        View view = build(
                node("shop.example.com", "a", 1, up("10.0.0.1")),
                node("shop.example.com", "b", 2, up("8.8.8.8")),
                new Node(
                        "shop.example.com",
                        "c",
                        3,
                        3,
                        new Node.Content.Malformed("port: '70000' (expected: 1..65535)")));
        assertThat(routable(view, "shop.example.com")).containsExactly("10.0.0.1:8080");
        assertThat(view.refused())
                .extracting(Backend::path)
                .containsExactly("/rollcall/services/shop.example.com/b", "/rollcall/services/shop.example.com/c");
    }

    @Test
    void aNameThatIsNoHostNameIsRefusedWithItsNodes() {
        View view = build(node("sh op|x", "a", 1, up("10.0.0.1")), node("shop.example.com", "b", 2, up("10.0.0.2")));
        assertThat(view.services()).containsOnlyKeys("shop.example.com");
        assertThat(view.refused()).hasSize(1);
    }

    @Test
    void aServiceWithNothingButRefusedNodesIsNotKnownToHttpd() {
        View view = build(node("shop.example.com", "b", 2, up("8.8.8.8")));
        assertThat(view.service("shop.example.com").orElseThrow().known()).isFalse();
    }

    @Test
    void otherSchemesAreRefusedWithThatReason() {
        Instance ajp = new Instance(
                "shop.example.com", "a", "10.0.0.1", 8009, "ajp", "", State.UP, 1, "", "", "", 0, Map.of());
        View view = build(node("shop.example.com", "a", 1, ajp));
        assertThat(view.refused().get(0).standing())
                .isEqualTo(new Standing.Refused("scheme: 'ajp' (expected: http; others are not routed yet)"));
    }

    @Test
    void namesThatDoNotMatchPublishNamesAnswerToNoHost() {
        View view = build(node("internal", "a", 1, up("10.0.0.1")));
        assertThat(view.service("internal").orElseThrow().key()).isEqualTo("=internal");
    }

    @Test
    void aNameStaysKnownAfterItsLastBackendUntilItIsForgotten() {
        ViewBuilder.Built first = builder.build(
                facts(node("shop.example.com", "a", 1, up("10.0.0.1"))),
                Conditions.NONE,
                Set.of(),
                KnownNames.NONE,
                NOON);
        ViewBuilder.Built gone =
                builder.build(Facts.NONE, Conditions.NONE, Set.of(), first.known(), NOON.plusSeconds(60));
        assertThat(gone.view().service("shop.example.com").orElseThrow().known())
                .isTrue();
        ViewBuilder.Built almost = builder.build(
                Facts.NONE,
                Conditions.NONE,
                Set.of(),
                gone.known(),
                NOON.plusSeconds(59).plus(WEEK));
        assertThat(almost.view().services()).containsKey("shop.example.com");
        ViewBuilder.Built forgotten = builder.build(
                Facts.NONE,
                Conditions.NONE,
                Set.of(),
                almost.known(),
                NOON.plusSeconds(120).plus(WEEK));
        assertThat(forgotten.view().services()).isEmpty();
    }

    private View build(Node... nodes) {
        return builder.build(facts(nodes), Conditions.NONE, Set.of(), KnownNames.NONE, NOON)
                .view();
    }

    private static Facts facts(Node... nodes) {
        return new Facts(Roll.of(List.of(nodes)), Orders.NONE);
    }

    private static List<String> routable(View view, String name) {
        return view.service(name).orElseThrow().routable().stream()
                .map(backend -> backend.target().toString())
                .toList();
    }

    private static String reason(View view, String node) {
        return view.service("shop.example.com").orElseThrow().backends().stream()
                .filter(backend -> backend.path().endsWith("/" + node))
                .map(backend -> ((Standing.Aside) backend.standing()).reason())
                .findFirst()
                .orElseThrow();
    }

    private static Node node(String service, String name, long czxid, Instance instance) {
        return new Node(service, name, czxid, czxid, new Node.Content.Valid(instance));
    }

    private static Instance up(String address) {
        return new Instance("s", "id", address, 8080, "http", "", State.UP, 1, "", "", "", 0, Map.of());
    }
}
