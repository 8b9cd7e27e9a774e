/** What a look at Kafka has found is believed for so long. */
export const verdictValidMs = 10_000;
