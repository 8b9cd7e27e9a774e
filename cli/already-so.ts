/**
 * What a command that has no effect is told.
 * Source: dcos-commons, cli/queries/plan.go.
 */
export const alreadySo = 'Cannot execute command. Command has already been issued or the plan has completed';
