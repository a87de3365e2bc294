package example;

import io.softq4j.evaluation.Direction;
import io.softq4j.evaluation.Item;
import io.softq4j.evaluation.SampleMetric;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Counts slots of {@code name[Blue Spice], area[city centre]} that a text leaves out, and those of other prompts that it adds. */
public final class SlotErrors implements SampleMetric {
    private static final Pattern SLOT = Pattern.compile("(\\w+)\\[([^\\]]*)\\]");
    private static final Set<String> OTHERS = Set.of("city centre", "riverside", "chinese", "english", "fast food", "french", "indian", "italian",
            "japanese");

    @Override
    public String name() {
        return "slot_errors";
    }

    @Override
    public Direction direction() {
        return Direction.LOWER;
    }

    @Override
    public double value(Item item, String text) {
        String words = text.toLowerCase(Locale.ROOT);
        Set<String> wanted = SLOT.matcher(item.prompt().toLowerCase(Locale.ROOT)).results()
                .filter(slot -> !slot.group(1).equals("familyfriendly")).map(slot -> slot.group(2)).collect(Collectors.toSet());
        Set<String> wrong = new TreeSet<>(wanted);
        wrong.removeIf(words::contains);    // what is left is missing
        OTHERS.stream().filter(value -> words.contains(value) && !wanted.contains(value)).forEach(wrong::add);    // and what is added
        return wrong.size();
    }
}
