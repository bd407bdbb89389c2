// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.network;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.semimage.compute.diffusion.NoiseSchedule;
import org.semimage.compute.tensor.Json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NetworkConfigTest {

    private static Json json(String text) {
        return Json.parse(text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "unet | block_out_channels is [], expected a list of one to 8 | {\"block_out_channels\":[]}",
        "unet | expected a list of one to 8 | {\"block_out_channels\":[32,32,32,32,32,32,32,32,32]}",
        "unet | block_out_channels is 1000000000, expected a whole number from 1 to 16384 | {\"block_out_channels\":[1000000000]}",
        "unet | layers_per_block is 1e9 | {\"layers_per_block\":1e9}",
        "unet | layers_per_block is 1e999999999 | {\"layers_per_block\":1e999999999}",
        "unet | layers_per_block is 1.5 | {\"layers_per_block\":1.5}",
        "unet | layers_per_block has 2 entries, expected 4 | {\"layers_per_block\":[2,2]}",
        "unet | transformer_layers_per_block is -1 | {\"transformer_layers_per_block\":-1}",
        "unet | attention_head_dim is \"x\", expected a number | {\"attention_head_dim\":\"x\"}",
        "unet | 7 heads do not divide | {\"attention_head_dim\":7}",
        "unet | cross_attention_dim is [1], expected a number | {\"cross_attention_dim\":[1]}",
        "unet | addition_embed_type is \"text_time\", which this version does not support | {\"addition_embed_type\":\"text_time\"}",
        "unet | names 'AttnDownBlock2D' | {\"down_block_types\":[\"AttnDownBlock2D\",\"DownBlock2D\",\"DownBlock2D\",\"DownBlock2D\"]}",
        "unet | mid_block_type is \"Other\" | {\"mid_block_type\":\"Other\"}",
        "unet | out_channels differs from in_channels | {\"in_channels\":9}",
        "unet | use_linear_projection is 1, expected true or false | {\"use_linear_projection\":1}",
        "unet | norm_eps is -1 | {\"norm_eps\":-1}",
        "kl | latent_channels is 0 | {\"latent_channels\":0}",
        "kl | scaling_factor is 0 | {\"scaling_factor\":0}",
        "kl | act_fn is \"relu\" | {\"act_fn\":\"relu\"}",
        "kl | which 32 groups do not divide | {\"block_out_channels\":[48]}",
        "clip | vocab_size is 1e300 | {\"vocab_size\":1e300}",
        "clip | model_type is 'bert' | {\"model_type\":\"bert\"}",
        "clip | hidden_act is 'tanh' | {\"hidden_act\":\"tanh\"}",
        "clip | num_hidden_layers is 1000 | {\"num_hidden_layers\":1000}",
        "schedule | num_train_timesteps is 1000000000 | {\"num_train_timesteps\":1000000000}",
        "schedule | beta_schedule is 'steps' | {\"beta_schedule\":\"steps\"}",
        "schedule | prediction_type is 'x' | {\"prediction_type\":\"x\"}",
        "schedule | trained_betas is [0.1] | {\"trained_betas\":[0.1]}"})
    void valuesOutOfBoundsOrOfOtherNetworksAreNamed(String kind, String part, String config) {
        Json json = json(config);
        String message = assertThrows(IllegalArgumentException.class, () -> {
            switch (kind) {
                case "unet" -> UNetConfig.parse("config.json", json);
                case "kl" -> KlConfig.parse("config.json", json);
                case "clip" -> ClipConfig.parse("config.json", json);
                default -> ScheduleConfig.parse("config.json", json);
            }
        }).getMessage();
        assertTrue(message.startsWith("config.json: ") && message.contains(part), message);
    }

    @Test
    void absentAndNullKeysHaveThePublishedDefaults() {
        UNetConfig config = UNetConfig.parse("unet", json("{\"class_embed_type\":null,\"cross_attention_dim\":null}"));
        assertEquals(1280, config.textFeatures());
        assertEquals(2, config.layers()[3]);
        assertTrue(config.mid());
        assertFalse(UNetConfig.parse("unet", json("{\"mid_block_type\":null}")).mid());
    }

    @Test
    void theNoiseScheduleOfStableDiffusionHasItsKnownEnds() {
        NoiseSchedule schedule = ScheduleConfig.parse("s",
                json("{\"beta_start\":0.00085,\"beta_end\":0.012,\"beta_schedule\":\"scaled_linear\","
                + "\"prediction_type\":\"v_prediction\"}"));
        assertEquals(1000, schedule.steps());
        assertEquals(0.99915, schedule.alphaBar()[0], 1e-9);
        assertEquals(0.0046601, schedule.alphaBar()[999], 1e-6);
        assertEquals(NoiseSchedule.Prediction.VELOCITY, schedule.prediction());
        assertEquals(4.0e-5, ScheduleConfig.parse("s", json("{}")).alphaBar()[999], 1e-6);
    }

    @Test
    void thePlacementIsOneThatIsKnown() {
        assertThrows(IllegalArgumentException.class, () -> new Placement("tpu", Placement.Precision.FLOAT32));
        assertEquals(Placement.CPU, Placement.configured());
    }
}
