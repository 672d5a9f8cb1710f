package io.rollcall.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Draws lines over a few places, on a logarithmic scale, with names at the right that do not cover each other. */
final class Svg {
    /**
     * A line.
     *
     * @param values one for each place; a gap where there is none
     * @param bold whether it is to stand out
     */
    record Line(String name, List<OptionalDouble> values, boolean bold) {}

    private static final int WIDTH = 900;
    private static final int HEIGHT = 460;
    private static final int LEFT = 70;
    private static final int RIGHT = 290;
    private static final int TOP = 50;
    private static final int BOTTOM = 50;
    private static final List<String> COLOURS = List.of(
            "#4e79a7", "#59a14f", "#e15759", "#f28e2b", "#b07aa1", "#76b7b2", "#9c755f", "#edc948", "#ff9da7",
            "#86bcb6", "#d37295", "#499894", "#79706e", "#b6992d");

    private Svg() {}

    static String lines(String title, String xTitle, String yTitle, List<String> places, List<Line> lines) {
        List<Line> drawn = lines.stream()
                .filter(line -> line.values().stream().anyMatch(OptionalDouble::isPresent))
                .toList();
        double[] all = drawn.stream()
                .flatMap(line -> line.values().stream())
                .filter(value -> value.isPresent() && value.getAsDouble() > 0)
                .mapToDouble(OptionalDouble::getAsDouble)
                .sorted()
                .toArray();
        double low = all.length == 0 ? 1 : Math.pow(10, Math.floor(Math.log10(all[0])));
        double high = all.length == 0 ? 10 : Math.pow(10, Math.ceil(Math.log10(all[all.length - 1] * 1.01)));
        StringBuilder svg = new StringBuilder();
        add(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">\n",
                WIDTH,
                HEIGHT);
        add(svg, "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>\n", WIDTH, HEIGHT);
        text(svg, LEFT, 22, "start", "15", "#222", title);
        text(svg, LEFT, 40, "start", "12", "#666", yTitle);
        text(svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle", "12", "#666", xTitle);
        for (double at = low; at <= high * 1.001; at *= 10) {
            grid(svg, at, y(at, low, high));
        }
        for (int i = 0; i < places.size(); i++) {
            text(svg, x(i, places.size()), HEIGHT - BOTTOM + 20, "middle", "12", "#222", places.get(i));
        }
        List<Double> taken = new ArrayList<>();
        for (int i = 0; i < drawn.size(); i++) {
            line(svg, drawn.get(i), COLOURS.get(i % COLOURS.size()), places.size(), low, high);
        }
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < drawn.size(); i++) {
            order.add(i);
        }
        order.sort((a, b) -> Double.compare(last(drawn.get(b)), last(drawn.get(a))));
        for (int i : order) {
            double at = y(Math.max(low, last(drawn.get(i))), low, high);
            double free = taken.isEmpty() ? at : Math.max(at, taken.get(taken.size() - 1) + 15);
            taken.add(free);
        }
        // What would end below the picture moves up.
        double over = taken.isEmpty() ? 0 : Math.max(0, taken.get(taken.size() - 1) - (HEIGHT - BOTTOM + 20));
        for (int n = taken.size() - 1; over > 0 && n >= 0; n--) {
            double most = n == taken.size() - 1 ? HEIGHT - BOTTOM + 20.0 : taken.get(n + 1) - 15;
            taken.set(n, Math.min(taken.get(n), most));
        }
        for (int n = 0; n < order.size(); n++) {
            Line line = drawn.get(order.get(n));
            String colour = COLOURS.get(order.get(n) % COLOURS.size());
            text(
                    svg,
                    WIDTH - RIGHT + 14,
                    taken.get(n) + 4,
                    "start",
                    line.bold() ? "12\" font-weight=\"bold" : "12",
                    colour,
                    line.name());
        }
        return svg.append("</svg>\n").toString();
    }

    private static void grid(StringBuilder svg, double value, double y) {
        add(svg, "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#ddd\"/>\n", LEFT, y, WIDTH - RIGHT, y);
        String number = value >= 1 ? String.format(Locale.ROOT, "%,.0f", value) : Double.toString(value);
        text(svg, LEFT - 8, y + 4, "end", "12", "#222", number);
    }

    private static void line(StringBuilder svg, Line line, String colour, int places, double low, double high) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < line.values().size(); i++) {
            if (line.values().get(i).isPresent()) {
                double x = x(i, places);
                double y = y(Math.max(low, line.values().get(i).getAsDouble()), low, high);
                path.append(path.isEmpty() ? "M" : "L").append(String.format(Locale.ROOT, "%.1f %.1f ", x, y));
                add(svg, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n", x, y, colour);
            }
        }
        add(
                svg,
                "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"/>\n",
                path.toString().strip(),
                colour,
                line.bold() ? "3" : "1.5");
    }

    private static double last(Line line) {
        double last = 0;
        for (OptionalDouble value : line.values()) {
            last = value.orElse(last);
        }
        return last;
    }

    private static double x(int place, int places) {
        double room = WIDTH - LEFT - RIGHT - 40.0;
        return LEFT + 20 + (places <= 1 ? room / 2 : room * place / (places - 1));
    }

    private static double y(double value, double low, double high) {
        double share = (Math.log10(value) - Math.log10(low)) / (Math.log10(high) - Math.log10(low));
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
    }

    private static void text(
            StringBuilder svg, double x, double y, String anchor, String size, String colour, String text) {
        add(
                svg,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%s\" fill=\"%s\">%s</text>\n",
                x,
                y,
                anchor,
                size,
                colour,
                text.replace("&", "&amp;").replace("<", "&lt;").replace("`", ""));
    }

    private static void add(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
