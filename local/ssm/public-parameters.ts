/** The machine image of every host: hosts are agent processes, so there is nothing to choose from. */
const LOCAL_AMI_ID = 'ami-00000000000000ec5';

const ECS_IMAGE =
  /^\/aws\/service\/ecs\/optimized-ami\/(amazon-linux-2|amazon-linux-2023)(\/arm64)?\/recommended(\/image_id)?$/;

/** A parameter that AWS publishes, undefined when there is none of that name here. */
export function findPublicParameter(name: string): string | undefined {
  const match = ECS_IMAGE.exec(name);
  if (match === null) return undefined;
  const [, system, , leaf] = match;
  if (leaf !== undefined) return LOCAL_AMI_ID;
  return JSON.stringify({ image_id: LOCAL_AMI_ID, image_name: `local-${system}`, os: 'Linux', schema_version: 1 });
}
