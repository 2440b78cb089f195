// First in the alphabet, for it takes longest and others can run beside it.
import { lookAtAllPages } from './all_pages.mjs'

lookAtAllPages('phone')
