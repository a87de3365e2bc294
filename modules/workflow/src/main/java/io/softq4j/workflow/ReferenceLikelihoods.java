package io.softq4j.workflow;

import io.softq4j.common.UserError;
import io.softq4j.data.DistinctPrompts;
import io.softq4j.data.RenderSpecs;
import io.softq4j.evaluation.Item;
import io.softq4j.evaluation.Likelihood;
import io.softq4j.model.ModelConfig;
import io.softq4j.objective.Batch;
import io.softq4j.objective.TokenScores;
import io.softq4j.tokens.Example;
import io.softq4j.tokens.Rendering;
import io.softq4j.tokens.Segment;
import io.softq4j.training.rows.Collator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Asks a model for the probability of each reference after its prompt: a forward pass over both, the token that ends a response included, since a model
 * learns it. Rows of like length go together; the order of the items does not matter.
 */
final class ReferenceLikelihoods {

    /** Logits of a batch, at most, unless one row has more: 128 MiB of float32. */
    private static final long LOGITS = 32L << 20;
    private static final int ROWS = 64;
    private static final int LENGTH_MULTIPLE = 32;

    private record Asked(int item, int reference, Example example) {
    }

    private ReferenceLikelihoods() {
    }

    /**
     * The items with a likelihood for each of their references.
     *
     * @param prompts those of the items, in the same order
     * @throws UserError if a prompt and its reference are longer than the model's context
     */
    static List<Item> of(ModelDirectory model, DistinctPrompts prompts, List<Item> items, WorkListener progress) {
        List<Asked> asked = asked(model, prompts, items);
        Likelihood[][] found = items.stream().map(item -> new Likelihood[item.references().size()]).toArray(Likelihood[][]::new);
        ModelConfig size = model.model().config();
        Collator collator = new Collator(RenderSpecs.endId(prompts.data(), model.tokenizer()), size.contextLength(), Integer.MAX_VALUE,
                LENGTH_MULTIPLE, false, size.encoderDecoder());
        try (TokenScores scores = new TokenScores(model.model()); WorkListener.Work work = progress.begin("likelihoods", asked.size(), "references")) {
            for (int from = 0; from < asked.size(); ) {
                int to = end(asked, from, scores.vocabulary());
                List<Asked> rows = asked.subList(from, to);
                Batch batch = collator.collate(rows.stream().map(row -> List.of(row.example())).toList());
                TokenScores.Scored scored = scores.score(batch);
                for (int r = 0; r < rows.size(); r++) {
                    Asked row = rows.get(r);
                    found[row.item()][row.reference()] = likelihood(batch, scored, r, items.get(row.item()).references().get(row.reference()));
                }
                work.add(rows.size());
                from = to;
            }
            work.finish();
        }
        List<Item> known = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            known.add(new Item(item.prompt(), item.references(), item.records(), item.samples(), Arrays.asList(found[i])));
        }
        return known;
    }

    /** Shortest first. */
    private static List<Asked> asked(ModelDirectory model, DistinctPrompts prompts, List<Item> items) {
        Rendering rendering = RenderSpecs.rendering(prompts.data(), model.tokenizer());
        int endId = RenderSpecs.endId(prompts.data(), model.tokenizer());
        ModelConfig size = model.model().config();
        List<Asked> asked = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            List<Segment> prompt = prompts.items().get(i).records().get(0).segments();
            for (int r = 0; r < items.get(i).references().size(); r++) {
                Example example = example(rendering, prompt, items.get(i).references().get(r), endId);
                Optional<String> tooLong = size.encoderDecoder().isEmpty() && example.length() - 1 > size.contextLength()
                        ? Optional.of(example.length() - 1 + " tokens together") : Optional.empty();
                if (tooLong.isPresent()) {
                    throw new UserError(prompts.items().get(i).records().get(0).where() + ": the prompt and a reference have " + tooLong.get()
                            + ", the model's context holds " + size.contextLength() + " (" + size.contextKey() + "). Shorten the row, leave it out, or "
                            + "leave the likelihoods out of evaluation.metrics.");
                }
                asked.add(new Asked(i, r, example));
            }
        }
        asked.sort(Comparator.comparingInt(row -> row.example().length()));
        return asked;
    }

    private static Example example(Rendering rendering, List<Segment> prompt, String reference, int endId) {
        List<Segment> all = new ArrayList<>();
        prompt.forEach(segment -> all.add(new Segment(segment.text(), false, segment.answers())));
        all.add(new Segment(reference, true));
        Example text = rendering.example(all, false);
        int[] ids = Arrays.copyOf(text.ids(), text.length() + 1);
        boolean[] response = Arrays.copyOf(text.response(), ids.length);
        ids[ids.length - 1] = endId;
        response[ids.length - 1] = true;
        return new Example(ids, response);
    }

    private static int end(List<Asked> asked, int from, int vocabulary) {
        int to = from + 1;
        while (to < asked.size() && to - from < ROWS
                && (long) (to - from + 1) * (asked.get(to).example().length() + LENGTH_MULTIPLE) * vocabulary <= LOGITS) {
            to++;
        }
        return to;
    }

    private static Likelihood likelihood(Batch batch, TokenScores.Scored scored, int row, String text) {
        double nll = 0;
        int tokens = 0;
        int correct = 0;
        for (int at = row * batch.length(); at < (row + 1) * batch.length(); at++) {
            if (batch.nllMask()[at] != 0) {
                nll += scored.nll()[at];
                tokens++;
                correct += scored.likeliest()[at] ? 1 : 0;
            }
        }
        return new Likelihood(nll, tokens, text.getBytes(StandardCharsets.UTF_8).length, correct);
    }
}
