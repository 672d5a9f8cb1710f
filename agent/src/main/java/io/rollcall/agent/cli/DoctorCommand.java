package io.rollcall.agent.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rollcall.agent.config.AgentConfig;
import io.rollcall.agent.config.ConfigException;
import io.rollcall.agent.doctor.Doctor;
import io.rollcall.agent.doctor.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Checks given httpds against what Rollcall needs of them. */
@Command(
        name = "doctor",
        description = "Checks an httpd against what Rollcall needs. Changes nothing. Run it as who starts httpd.",
        mixinStandardHelpOptions = true,
        footer = "Exit status: 0 nothing failed, 1 something failed, 2 wrong usage or httpd cannot be run.")
final class DoctorCommand implements Callable<Integer> {
    private static final Path USUAL = Path.of("/etc/rollcall/agent.properties");
    private static final String MARGIN = "\n" + " ".repeat(26);

    @Option(
            names = "--httpd",
            required = true,
            paramLabel = "CONF",
            description = "An httpd's main configuration file; may be given several times.")
    private List<Path> configurations = List.of();

    @Option(
            names = "--httpd-binary",
            paramLabel = "FILE",
            description = "The httpd to ask (default: apache2 or httpd).")
    private @Nullable String binary;

    @Option(names = "-D", paramLabel = "NAME", description = "A parameter that httpd is started with.")
    private List<String> defines = List.of();

    @Option(names = "--user", paramLabel = "NAME", description = "Whom httpd runs as (default: what CONF says).")
    private @Nullable String user;

    @Option(names = "--maps", paramLabel = "DIR", description = "What the agent publishes (default: what CONF says).")
    private @Nullable Path maps;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The agent's configuration (default: /etc/rollcall/agent.properties, if it is there).")
    private @Nullable Path config;

    @Option(names = "--json", description = "Print the findings as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        boolean failed = false;
        ArrayNode reports = new ObjectMapper().createArrayNode();
        try {
            Doctor doctor = new Doctor(
                    Optional.ofNullable(binary), defines, Optional.ofNullable(user), Optional.ofNullable(maps));
            Path agent = config != null ? config : USUAL;
            if (config != null || Files.isReadable(USUAL)) {
                doctor.follows(AgentConfig.read(agent, false).httpdLogs());
            }
            for (Path configuration : configurations) {
                List<Finding> findings = doctor.examine(configuration);
                failed |= findings.stream().anyMatch(finding -> finding.level() == Finding.Level.FAIL);
                if (json) {
                    reports.add(report(configuration, findings));
                } else {
                    System.out.print(text(configuration, findings));
                }
            }
        } catch (IOException | ConfigException e) {
            System.err.println("rollcall doctor: " + e.getMessage());
            return Exit.USAGE;
        }
        if (json) {
            System.out.println(reports.toPrettyString());
        }
        return failed ? Exit.NO : Exit.DONE;
    }

    private static String text(Path configuration, List<Finding> findings) {
        StringBuilder text = new StringBuilder(configuration + "\n");
        for (Finding finding : findings) {
            boolean good = finding.level() == Finding.Level.OK;
            String level = good ? "ok" : finding.level().toString();
            text.append(String.format(
                    "  %-4s  %-16s  %s%n",
                    level, finding.check(), finding.what().replace("\n", MARGIN)));
            if (!good) {
                text.append(MARGIN.substring(1) + "why: " + finding.why() + MARGIN + "do:  " + finding.advice() + "\n");
            }
        }
        return text.toString();
    }

    private static ObjectNode report(Path configuration, List<Finding> findings) {
        ObjectNode report = new ObjectMapper().createObjectNode();
        report.put("httpd", configuration.toString());
        ArrayNode list = report.putArray("findings");
        for (Finding finding : findings) {
            list.addObject()
                    .put("level", finding.level().name().toLowerCase(Locale.ROOT))
                    .put("check", finding.check())
                    .put("what", finding.what())
                    .put("why", finding.why())
                    .put("advice", finding.advice());
        }
        return report;
    }
}
