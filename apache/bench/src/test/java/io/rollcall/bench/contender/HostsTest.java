package io.rollcall.bench.contender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HostsTest {
    private Hosts hosts;

    @BeforeEach
    void start() throws IOException {
        hosts = Hosts.at(2);
    }

    @AfterEach
    void stop() {
        hosts.close();
    }

    private Socket connect(int number) throws IOException {
        String[] parts = hosts.addresses().get(number).split(":", 2);
        return new Socket(parts[0], Integer.parseInt(parts[1]));
    }

    private static String ask(Socket socket, String name) throws IOException {
        socket.getOutputStream()
                .write(("GET / HTTP/1.1\r\nHost: " + name + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        String status = in.readLine();
        if (status != null) {
            while (!in.readLine().startsWith("Hello")) {}
        }
        return status == null ? "closed" : status;
    }

    @Test
    void a_server_answers_for_the_names_that_it_was_given_and_counts_those_that_ask_for_others() throws Exception {
        hosts.begin(0);
        hosts.begin(1);
        hosts.give(0, "a.bench.test");

        try (Socket first = connect(0);
                Socket second = connect(1)) {
            assertThat(ask(first, "a.bench.test")).isEqualTo("HTTP/1.1 200 OK");
            assertThat(ask(first, "a.bench.test")).isEqualTo("HTTP/1.1 200 OK");
            assertThat(hosts.misdirected()).isZero();
            assertThat(ask(second, "a.bench.test")).startsWith("HTTP/1.1 421");
        }
        assertThat(hosts.misdirected()).isEqualTo(1);
    }

    @Test
    void one_that_ends_closes_its_connections_takes_no_more_and_the_next_at_its_address_has_other_names()
            throws Exception {
        hosts.begin(0);
        hosts.give(0, "a.bench.test");
        try (Socket kept = connect(0)) {
            ask(kept, "a.bench.test");
            hosts.end(0);

            assertThat(kept.getInputStream().read()).isEqualTo(-1);
        }
        assertThatThrownBy(() -> connect(0)).isInstanceOf(ConnectException.class);

        hosts.begin(0);
        try (Socket next = connect(0)) {
            assertThat(ask(next, "a.bench.test")).startsWith("HTTP/1.1 421");
        }
    }
}
