package io.rollcall.agent.view;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HostNamesTest {
    @ParameterizedTest
    @CsvSource({
        "shop.example.com, shop.example.com",
        "SHOP.Example.Com, shop.example.com",
        "shop.example.com., shop.example.com",
        "a, a",
        "my_app-1.internal, my_app-1.internal",
    })
    void namesAreBroughtIntoOneForm(String text, String name) {
        assertThat(HostNames.normal(text)).contains(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a..b",
                "-a.b",
                "a-.b",
                "a b",
                "a|b",
                "a/b",
                "=a",
                "a:80",
                "ä.example",
                "a\nb",
                "\u212a.example",
                "${x}",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.b"
            })
    void whatIsNoHostNameIsNone(String text) {
        assertThat(HostNames.normal(text)).isEmpty();
    }
}
