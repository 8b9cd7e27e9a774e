import type { Cloud, LocalService } from '../core/service.ts';
import { bucketSettingHandlers } from './bucket-settings.ts';
import { BucketStore } from './bucket-store.ts';
import { bucketHandlers } from './buckets.ts';
import { deleteObjectHandlers } from './delete-objects.ts';
import { multipartHandlers } from './multipart.ts';
import { objectListHandlers } from './object-lists.ts';
import { objectHandlers } from './objects.ts';

/** S3, as far as the CDK and the services keep assets and templates in it. In process, bodies are bytes, not streams. */
export function createS3Service(cloud: Cloud): LocalService {
  const store = new BucketStore(cloud);
  return {
    name: 's3',
    handlers: {
      ...bucketHandlers(cloud, store),
      ...bucketSettingHandlers(cloud, store),
      ...objectHandlers(cloud, store),
      ...deleteObjectHandlers(cloud, store),
      ...objectListHandlers(cloud, store),
      ...multipartHandlers(cloud, store),
    },
  };
}
