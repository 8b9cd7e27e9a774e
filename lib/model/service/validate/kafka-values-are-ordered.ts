import { optionNameOf } from '../../kafka/property-name.ts';
import { type ValueOrder, valueOrders } from '../../kafka/value-orders.ts';
import { pointerOf } from '../../refusal.ts';
import { effectiveKafkaProperties } from '../kafka-defaults.ts';
import type { OptionRule } from './option-rule.ts';

/** Some values limit each other, and Kafka finds out only when it starts. */
export const kafkaValuesAreOrdered: OptionRule = (options, definitions) => {
  const properties = effectiveKafkaProperties(options, definitions);
  const numberOf = (name: string): number => Number(properties[name] ?? definitions.get(name)?.default);
  const isGiven = (name: string): boolean => options.kafka[optionNameOf(name)] !== undefined;
  return valueOrders
    .filter(({ lesser, greater }) => definitions.has(lesser) && definitions.has(greater))
    .filter(({ lesser, greater }) => isGiven(lesser) || isGiven(greater))
    .filter((order) => !holds(order, numberOf(order.lesser), numberOf(order.greater)))
    .map(({ lesser, greater, isStrict, times = 1 }) => {
      const given = isGiven(lesser) ? lesser : greater;
      const relation = isStrict ? 'be less than' : times === 1 ? 'not exceed' : `fit ${times} times into`;
      return {
        reads: [lesser, greater].map((name) => pointerOf('kafka', optionNameOf(name))),
        refusal: {
          pointer: pointerOf('kafka', optionNameOf(given)),
          value: numberOf(given),
          message: `${lesser} (${numberOf(lesser)}) must ${relation} ${greater} (${numberOf(greater)})`,
          allowed: `${lesser} must ${relation} ${greater}`,
          hint: `lower ${lesser} or raise ${greater}`,
        },
      };
    });
};

function holds({ isStrict, isOptional, times = 1 }: ValueOrder, lesser: number, greater: number): boolean {
  if (isOptional && greater <= 0) return true;
  return isStrict ? lesser < greater : lesser * times <= greater;
}
