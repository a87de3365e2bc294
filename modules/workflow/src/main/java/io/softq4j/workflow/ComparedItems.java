package io.softq4j.workflow;

import io.softq4j.common.UserError;
import io.softq4j.evaluation.Item;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The prompts that all sides have, so that they can be judged on the same items.
 *
 * @param sides each with the same prompts in the same order, and what is known of them
 * @param notes what was left out, and how sides differ in what they know
 */
record ComparedItems(List<ComparedSide> sides, List<String> notes) {

    private static final int SHOWN = 3;

    /**
     * Matches by prompt. References and records of a prompt are those of the corpus, else of the side that knows most, the first of equals.
     *
     * @param data  the corpus that the prompts are from, whose references go before those of the sides; empty where the sides bring their own
     * @throws UserError if no prompt is in all of them
     */
    static ComparedItems of(List<ComparedSide> compared, Optional<ComparedSide> data) {
        List<ComparedSide> sides = Stream.concat(data.stream(), compared.stream()).toList();
        List<Map<String, Item>> byPrompt = new ArrayList<>();
        sides.forEach(side -> {
            Map<String, Item> items = new LinkedHashMap<>();
            side.items().forEach(item -> items.putIfAbsent(item.prompt().strip(), item));
            byPrompt.add(items);
        });
        List<String> common = byPrompt.get(0).keySet().stream().filter(prompt -> byPrompt.stream().allMatch(items -> items.containsKey(prompt))).toList();
        if (common.isEmpty()) {
            throw new UserError("no prompt is in all of " + String.join(", ", sides.stream().map(side -> side.path().toString()).toList())
                    + ", so nothing can be compared. The first prompts are " + String.join(" and ", sides.stream().limit(2)
                    .map(side -> "'" + beginning(side.items().get(0).prompt()) + "'").toList())
                    + ". Were they made from the same file, rendered alike?");
        }
        List<String> notes = new ArrayList<>();
        for (int s = 0; s < sides.size(); s++) {
            List<String> others = byPrompt.get(s).keySet().stream().filter(prompt -> !common.contains(prompt)).toList();
            if (!others.isEmpty()) {
                notes.add(sides.get(s).name() + " has " + others.size() + (others.size() == 1 ? " prompt that is" : " prompts that are")
                        + " not in all, left out: " + String.join(", ", others.stream().limit(SHOWN).map(prompt -> "'"
                        + beginning(prompt) + "'").toList())
                        + (others.size() > SHOWN ? " ..." : ""));
            }
        }
        Map<String, List<String>> references = new HashMap<>();
        Map<String, List<Map<String, String>>> records = new HashMap<>();
        int differing = 0;
        for (String prompt : common) {
            List<Item> items = byPrompt.stream().map(side -> side.get(prompt)).toList();
            List<List<String>> known = items.stream().map(Item::references).filter(texts -> !texts.isEmpty()).toList();
            references.put(prompt, most(data.isPresent() ? known.subList(0, Math.min(1, known.size())) : known));
            records.put(prompt, data.isPresent() ? items.get(0).records() : most(items.stream().map(Item::records).toList()));
            differing += known.stream().distinct().count() > 1 ? 1 : 0;
        }
        if (differing > 0) {
            notes.add("prompts with other references on different sides: " + differing + "; those of the "
                    + (data.isPresent() ? "corpus" : "side that has most") + " count");
        }
        List<ComparedSide> same = new ArrayList<>();
        for (int s = sides.size() - compared.size(); s < sides.size(); s++) {
            Map<String, Item> items = byPrompt.get(s);
            same.add(sides.get(s).with(common.stream().map(prompt -> new Item(prompt, references.get(prompt), records.get(prompt),
                    items.get(prompt).samples(), items.get(prompt).references().equals(references.get(prompt))
                            ? items.get(prompt).likelihoods() : List.of()))
                    .toList()));
        }
        if (same.stream().map(ComparedSide::samples).distinct().count() > 1) {
            notes.add("samples of a prompt: " + String.join(", ", same.stream().map(side -> side.name() + " " + side.samples()).toList())
                    + "; what is measured between samples, and pass@k, depends on their number");
        }
        return new ComparedItems(same, notes);
    }

    private static <T> List<T> most(List<List<T>> lists) {
        List<T> most = List.of();
        for (List<T> list : lists) {
            most = list.size() > most.size() ? list : most;
        }
        return most;
    }

    private static String beginning(String prompt) {
        String line = prompt.strip().replaceAll("\\s+", " ");
        return line.length() > 40 ? line.substring(0, 40) + "..." : line;
    }
}
