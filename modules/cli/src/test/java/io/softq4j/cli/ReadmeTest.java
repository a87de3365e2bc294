package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What README.md and docs/ tell the user to type exists, and what they link to is there. That the commands do what they say is {@link WholeLineTest}'s. */
class ReadmeTest {

    private static final Path ROOT = Path.of("../..");

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            docs.filter(p -> p.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        return pages;
    }

    @Test
    void everyCommandShownIsOne() throws IOException {
        int seen = 0;
        for (Path page : pages()) {
            for (String line : Files.readString(page).replaceAll("\\\\\n +", "").lines().toList()) {
                if (line.startsWith("    ./softq ")) {
                    String[] arguments = arguments(line.strip().substring("./softq ".length()));
                    assertDoesNotThrow(() -> Softq.commandLine().parseArgs(arguments), page + ": " + line);
                    seen++;
                }
            }
        }
        assertTrue(seen >= 10, "only " + seen + " commands found");
    }

    /** Splits at spaces, but not within single quotes. */
    private static String[] arguments(String line) {
        List<String> arguments = new ArrayList<>();
        Matcher words = Pattern.compile("(?:'[^']*'|[^\\s'])+").matcher(line);
        while (words.find()) {
            arguments.add(words.group().replace("'", ""));
        }
        return arguments.toArray(String[]::new);
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<Path> pages = pages();
        List.of("CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md").forEach(page -> pages.add(ROOT.resolve(page)));
        for (Path page : pages) {
            Matcher links = Pattern.compile("\\]\\((?!http)([^)#]+)").matcher(Files.readString(page));
            while (links.find()) {
                assertTrue(Files.exists(page.resolveSibling(links.group(1))), page + " links to " + links.group(1) + ", which is not there");
            }
        }
    }

    @Test
    void everyConfigurationShownIsShipped() throws IOException {
        for (Path page : pages()) {
            Matcher names = Pattern.compile("configs/[a-z0-9-]+\\.yaml").matcher(Files.readString(page));
            while (names.find()) {
                assertTrue(Files.exists(ROOT.resolve(names.group())), page + " names " + names.group() + ", which is not there");
            }
        }
    }

    @Test
    void theProgramShownIsThatOfTheExamples() throws IOException {
        String page = Files.readString(ROOT.resolve("README.md"));
        Matcher program = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(page);
        assertTrue(program.find(), "README.md shows no program");
        String example = Files.readString(ROOT.resolve("examples/src/main/java/example/TrainOnJsonl.java"));
        assertTrue(example.contains(program.group(1).stripTrailing().indent(8)), "README.md differs from TrainOnJsonl.java: copy it again");
    }
}
