package io.rollcall.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Bad values end with status 2 and a message, before anything is started. */
final class RegisterCommandTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            shop --port 70000 -- true                     | port: '70000' (expected: 1..65535)
            shop --port x -- true                         | Invalid value for option '--port': 'x' is not an int
            shop -- true                                  | Missing required option: '--port=PORT'
            --port 80                                     | Missing required parameter: 'SERVICE'
            shop --port 80                                | COMMAND after --, or --pid PID
            shop --port 80 --pid 1 -- true                | COMMAND after --, or --pid PID
            shop --port 80 --weight 101 -- true           | weight: '101' (expected: 0..100)
            shop --port 80 --address host -- true         | address: 'host' (expected: an IP address, not a name)
            shop --port 80 --id a~b -- true               | id: 'a~b'
            a/b --port 80 -- true                         | service: 'a/b'
            shop --port 80 --meta k -- true               | KEY=VALUE
            shop --port 80 --check ftp -- true            | --check: 'ftp' (expected: tcp or http:/path)
            shop --port 80 --check-timeout 5 -- true      | '5' (expected: a duration such as
            shop --port 80 --zookeeper zk:x -- true       | connect: 'zk:x' (expected: host:port,host:port
            shop --port 80 --root rollcall -- true        | root: 'rollcall'
            shop --port 80 --colour red -- true           | Unknown option: '--colour'
            """)
    void badValues(String line, String message) {
        StringWriter errors = new StringWriter();
        int status = new CommandLine(new RegisterCommand())
                .setErr(new PrintWriter(errors))
                .execute(Pattern.compile("\\s+").split(line));
        assertThat(errors.toString()).contains(message);
        assertThat(status).isEqualTo(2);
    }
}
