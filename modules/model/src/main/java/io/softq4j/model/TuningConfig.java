package io.softq4j.model;

import io.softq4j.common.Drafts;
import io.softq4j.common.Items;
import io.softq4j.common.Key;
import io.softq4j.common.Keys;
import io.softq4j.common.OnlyIf;
import io.softq4j.common.Range;
import io.softq4j.common.Suggestion;
import io.softq4j.common.UserError;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * This record says which tensors of a model are trained: all of them, all but some, or only low-rank adapters of its linear layers (LoRA:
 * Hu et al. 2021, arXiv 2106.09685). Keys that TRL's {@code ModelConfig} or PEFT's {@code LoraConfig} have keep their names.
 *
 * <p>Each component is a key of the section {@code tuning}; its {@link Key} says what it means.
 */
public record TuningConfig(
        @Key("train low-rank adapters of linear layers and nothing else; needs `--model`")
        boolean usePeft,
        @Key("rank of an adapter")
        @OnlyIf(key = "use_peft", is = "true")
        @Range(atLeast = 1)
        int loraR,
        @Key("adapters are scaled by `lora_alpha / lora_r`")
        @OnlyIf(key = "use_peft", is = "true")
        @Range(above = 0)
        double loraAlpha,
        @Key("rate of dropout of what an adapter reads")
        @OnlyIf(key = "use_peft", is = "true")
        @Range(atLeast = 0, below = 1)
        double loraDropout,
        @Key(value = "linear layers with an adapter: names of modules or their ends, such as `q_proj`; or one regular expression of "
                + "whole names; `all-linear` is all but the output layer",
                allowed = "one or more")
        @Items(atLeast = 1)
        @OnlyIf(key = "use_peft", is = "true")
        List<String> loraTargetModules,
        @Key(value = "tensors that keep their values: parts of their names from dot to dot, such as `wte`, `h.0` or `ln_1.bias`, or "
                + "regular expressions of whole names",
                allowed = "not with `use_peft`, and not all")
        List<String> freeze,
        @Key("rate of dropout of the embedding and of what each part of a layer adds to the residual stream; there is none "
                + "of attention's weights")
        @Range(atLeast = 0, below = 1)
        double dropout) {

    private static final Keys KEYS = Keys.of(TuningConfig.class);
    /** PEFT's word for every linear layer but the output layer. */
    public static final String ALL_LINEAR = "all-linear";

    public TuningConfig {
        loraTargetModules = List.copyOf(loraTargetModules);
        freeze = List.copyOf(freeze);
        KEYS.check("lora_r", loraR);
        KEYS.check("lora_alpha", loraAlpha);
        KEYS.check("lora_dropout", loraDropout);
        KEYS.check("dropout", dropout);
        if (loraTargetModules.isEmpty()) {
            throw new UserError("lora_target_modules must name a linear layer, or be " + ALL_LINEAR + "; it is empty");
        }
        if (loraTargetModules.contains(ALL_LINEAR) && loraTargetModules.size() > 1) {
            throw new UserError("lora_target_modules has " + ALL_LINEAR + " among " + loraTargetModules + "; it stands alone");
        }
        if (loraTargetModules.size() == 1) {
            requireExpression("lora_target_modules", loraTargetModules.get(0));
        }
        freeze.forEach(pattern -> requireExpression("freeze", pattern));
        if (usePeft && !freeze.isEmpty()) {
            throw new UserError("freeze is " + freeze + " with use_peft, which trains adapters alone: everything else is frozen already. "
                    + "Leave out "
                    + "one of the two.");
        }
    }

    private static void requireExpression(String key, String pattern) {
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new UserError(key + " has '" + pattern + "', which is no regular expression: " + e.getDescription() + " at "
                    + e.getIndex(), e);
        }
    }

    /** The components by name, to be set; see {@link #with}. Each method is documented at the component of its name. */
    public interface Draft {

        Draft usePeft(boolean value);

        Draft loraR(int value);

        Draft loraAlpha(double value);

        Draft loraDropout(double value);

        Draft loraTargetModules(List<String> value);

        Draft freeze(List<String> value);

        Draft dropout(double value);
    }

    /** Full fine-tuning without dropout. */
    public static TuningConfig defaults() {
        return Drafts.make(TuningConfig.class, Draft.class, c -> c.usePeft(false).loraR(16).loraAlpha(32).loraDropout(0)
                .loraTargetModules(List.of(ALL_LINEAR)).freeze(List.of()).dropout(0));
    }

    /** This configuration with what {@code change} sets. */
    public TuningConfig with(Consumer<Draft> change) {
        return Drafts.change(this, Draft.class, change);
    }

    /** Adapters of every linear layer, as they are by default. */
    public static TuningConfig adapters() {
        return defaults().with(c -> c.usePeft(true));
    }

    /** What adapters are multiplied with. */
    double scaling() {
        return loraAlpha / loraR;
    }

    /** The same tensors and adapters without dropout: to compute with. */
    TuningConfig withoutDropout() {
        return with(c -> c.loraDropout(0).dropout(0));
    }

    /** Whether a tensor of the model itself, as against an adapter, trains. */
    boolean trains(String tensor) {
        return !usePeft && freeze.stream().noneMatch(pattern -> freezes(pattern, tensor));
    }

    /** Whether a linear layer has an adapter. */
    boolean adapts(String module) {
        return usePeft && loraTargetModules.stream().anyMatch(target -> selects(target, module));
    }

    private static boolean freezes(String pattern, String tensor) {
        return ("." + tensor + ".").contains("." + pattern + ".") || Pattern.matches(pattern, tensor);
    }

    private boolean selects(String target, String module) {
        return target.equals(ALL_LINEAR) || module.equals(target) || module.endsWith("." + target)
                || loraTargetModules.size() == 1 && Pattern.matches(target, module);
    }

    /**
     * Refuses a pattern that selects nothing, and a model of which nothing trains.
     *
     * @param linears names of all linear layers
     * @param tensors names of all tensors of the model itself
     */
    void requireEffect(Collection<String> linears, Collection<String> tensors) {
        for (String target : usePeft ? loraTargetModules : List.<String>of()) {
            if (linears.stream().noneMatch(module -> selects(target, module))) {
                throw new UserError("tuning.lora_target_modules has '" + target + "', which is no linear layer of this model. "
                        + known(target, linears, this::selects));
            }
        }
        for (String pattern : freeze) {
            if (tensors.stream().noneMatch(tensor -> freezes(pattern, tensor))) {
                throw new UserError("tuning.freeze has '" + pattern + "', which is no part of a tensor's name, from dot to dot, and no "
                        + "regular "
                        + "expression of a whole name. " + known(pattern, tensors, TuningConfig::freezes));
            }
        }
        if (!usePeft && tensors.stream().noneMatch(this::trains)) {
            throw new UserError("tuning.freeze is " + freeze + ", which freezes all " + tensors.size()
                    + " tensors of the model: nothing is left to "
                    + "train. Leave some out.");
        }
    }

    /** What was probably meant, and the names there are, numbers of layers left open. */
    private static String known(String pattern, Collection<String> names, BiPredicate<String, String> matches) {
        Set<String> parts = new LinkedHashSet<>(names);
        names.forEach(name -> parts.addAll(List.of(name.split("\\."))));
        names.forEach(name -> parts.add(name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1)));
        parts.removeIf(part -> names.stream().noneMatch(name -> matches.test(part, name)));
        return Suggestion.nearest(pattern, parts).map(meant -> "Did you mean '" + meant + "'? ").orElse("") + "There are: "
                + names.stream().map(name -> name.replaceAll("\\.\\d+(?=\\.)", ".N")).distinct().collect(Collectors.joining(", ")) + ".";
    }
}
