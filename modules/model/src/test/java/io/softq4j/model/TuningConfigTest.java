package io.softq4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import java.util.List;
import org.junit.jupiter.api.Test;

class TuningConfigTest {

    private static TuningConfig lora(String... targets) {
        return TuningConfig.defaults().with(c -> c.usePeft(true).loraR(2).loraAlpha(4).loraTargetModules(List.of(targets)));
    }

    private static TuningConfig freezing(String... patterns) {
        return TuningConfig.defaults().with(c -> c.loraR(2).loraAlpha(4)
                .freeze(List.of(patterns)));
    }

    private static ModelGraph outline(TuningConfig tuning) {
        return LanguageModel.outline(Models.TINY, Lowering.FUSED, tuning);
    }

    private static List<String> adapted(TuningConfig tuning) {
        return outline(tuning).parameters().stream().filter(name -> name.endsWith(".lora_A.weight"))
                .map(name -> name.replace("transformer.", "").replace(".lora_A.weight", "")).toList();
    }

    @Test
    void defaultsTrainEverythingWithoutDropout() {
        assertEquals("TuningConfig[usePeft=false, loraR=16, loraAlpha=32.0, loraDropout=0.0, loraTargetModules=[all-linear], freeze=[], "
                + "dropout=0.0]",
                TuningConfig.defaults().toString());
        ModelGraph plain = outline(TuningConfig.defaults());
        assertEquals(LanguageModel.outline(Models.TINY, Lowering.FUSED).parameters(), plain.parameters());
        assertEquals(List.of(), plain.frozen());
        assertEquals(Models.TINY.parameters(), plain.trainableCount());
        assertEquals(Models.TINY.parameters(), plain.parameterCount());
    }

    @Test
    void targetsAreEndsOfNamesOrOneExpressionAsInPeft() {
        assertEquals(List.of("h.0.attn.c_attn", "h.0.attn.c_proj", "h.0.mlp.c_fc", "h.0.mlp.c_proj", "h.1.attn.c_attn", "h.1.attn.c_proj",
                "h.1.mlp.c_fc", "h.1.mlp.c_proj"), adapted(lora("all-linear")));
        assertEquals(List.of("h.0.attn.c_proj", "h.0.mlp.c_proj", "h.1.attn.c_proj", "h.1.mlp.c_proj"), adapted(lora("c_proj")));
        assertEquals(List.of("h.0.attn.c_attn", "h.0.mlp.c_proj", "h.1.attn.c_attn", "h.1.mlp.c_proj"),
                adapted(lora("mlp.c_proj", "c_attn")));
        assertEquals(List.of("h.1.attn.c_attn"), adapted(lora("transformer.h.1.attn.c_attn")));
        assertEquals(List.of("h.1.attn.c_attn", "h.1.attn.c_proj"), adapted(lora(".*\\.1\\.attn\\..*")));
        assertThrows(UserError.class, () -> adapted(lora("fc")), "from dot to dot");
        assertThrows(UserError.class, () -> adapted(lora(".*\\.1\\.attn\\..*", "c_fc")), "an expression stands alone");
    }

    @Test
    void withAdaptersTheyAloneTrain() {
        ModelGraph model = outline(lora("c_attn"));
        assertEquals(4, model.parameters().size());
        assertTrue(model.parameters().stream().allMatch(name -> name.contains(".lora_")));
        assertEquals(LanguageModel.outline(Models.TINY, Lowering.FUSED).parameters(), model.frozen());
        long adapters = 2 * 2 * (12 + 36); // layers, rank, in and out
        assertEquals(adapters, model.trainableCount());
        assertEquals(Models.TINY.parameters() + adapters, model.parameterCount());
    }

    @Test
    void frozenAreTensorsByPartsOfTheirNamesOrByExpressions() {
        assertEquals(List.of("transformer.wte.weight"), outline(freezing("wte")).frozen());
        ModelGraph second = outline(freezing("h.1"));
        assertEquals(12, second.frozen().size());
        assertTrue(second.frozen().stream().allMatch(name -> name.startsWith("transformer.h.1.")));
        assertEquals(28 - 12, second.parameters().size());
        assertEquals(List.of("transformer.wte.weight", "transformer.wpe.weight", "transformer.h.0.ln_1.bias", "transformer.h.1.ln_1.bias"),
                outline(freezing("transformer\\.w.e\\.weight", "ln_1.bias")).frozen());
        assertThrows(UserError.class, () -> outline(freezing("w.e")), "an expression is of the whole name");
    }

    private static void assertRefused(TuningConfig tuning, String message) {
        assertEquals(message, assertThrows(UserError.class, () -> outline(tuning)).getMessage());
    }

    @Test
    void aPatternThatSelectsNothingIsAnsweredWithWhatThereIs() {
        String linears = "There are: transformer.h.N.attn.c_attn, transformer.h.N.attn.c_proj, transformer.h.N.mlp.c_fc, "
                + "transformer.h.N.mlp.c_proj.";
        assertRefused(lora("c_atn"),
                "tuning.lora_target_modules has 'c_atn', which is no linear layer of this model. Did you mean 'c_attn'? " + linears);
        assertRefused(lora("c_attn", "lm_head"), "tuning.lora_target_modules has 'lm_head', which is no linear layer of this model. "
                + linears);
        String message = assertThrows(UserError.class, () -> outline(freezing("wtee"))).getMessage();
        assertTrue(message.startsWith("tuning.freeze has 'wtee', which is no part of a tensor's name, from dot to dot, and no regular "
                + "expression of "
                + "a whole name. Did you mean 'wte'? There are: transformer.wte.weight, transformer.wpe.weight, "
                + "transformer.h.N.ln_1.weight, "), message);
    }

    @Test
    void somethingMustTrain() {
        assertRefused(freezing(".*"), "tuning.freeze is [.*], which freezes all 28 tensors of the model: nothing is left to train. Leave "
                + "some out.");
    }

    @Test
    void valuesOutOfRangeAreRefusedByTheirKey() {
        assertInvalid("lora_r must be at least 1, was 0",
                () -> TuningConfig.defaults().with(c -> c.usePeft(true).loraR(0).loraAlpha(4)));
        assertInvalid("lora_alpha must be above 0, was 0",
                () -> TuningConfig.defaults().with(c -> c.usePeft(true).loraR(1).loraAlpha(0)));
        assertInvalid("lora_dropout must be at least 0 and below 1, was 1",
                () -> TuningConfig.defaults().with(c -> c.usePeft(true).loraR(1).loraAlpha(1).loraDropout(1)));
        assertInvalid("dropout must be at least 0 and below 1, was NaN",
                () -> TuningConfig.defaults().with(c -> c.loraR(1).loraAlpha(1).dropout(Double.NaN)));
        assertInvalid("lora_target_modules must name a linear layer",
                () -> TuningConfig.defaults().with(c -> c.usePeft(true).loraR(1).loraAlpha(1).loraTargetModules(List.of())));
        assertInvalid("lora_target_modules has all-linear among",
                () -> TuningConfig.defaults().with(c -> c.usePeft(true).loraR(1).loraAlpha(1)
                .loraTargetModules(List.of("x", "all-linear"))));
        assertInvalid("lora_target_modules has '(', which is no regular expression: Unclosed group", () -> lora("("));
        assertInvalid("freeze has '[a', which is no regular expression", () -> freezing("[a"));
        assertInvalid("freeze is [wte] with use_peft",
                () -> TuningConfig.defaults().with(c -> c.usePeft(true).loraR(1).loraAlpha(1)
                .freeze(List.of("wte"))));
        assertFalse(TuningConfig.defaults().with(c -> c.loraR(1).loraAlpha(1).loraDropout(0.5)
                .freeze(List.of("wte")).dropout(0.5)).usePeft());
    }

    private static void assertInvalid(String message, Runnable config) {
        String seen = assertThrows(UserError.class, config::run).getMessage();
        assertTrue(seen.startsWith(message), seen);
    }
}
